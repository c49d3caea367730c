/** English words that are younger than the dictionary at hand; an editor adds those of their trade to issues/words.txt. */

/** Without plurals in -s; as Americans write them. */
export const YOUNG_WORDS: ReadonlySet<string> = new Set(
  (
    'anonymization anonymized backend biochar biofuel blogpost bulker bunkering cabotage carveout ' +
    'chatbot chiplet codebase covid crypto cyber darknet deanonymize decarbonization decarbonize ' +
    'decarbonized decarbonizing deglobalization delist delisted demining deorbit deplatform derisk ' +
    'derisked derisking digitalization digitalize digitalized doxed doxing drawdown drydock ebook ' +
    'edtech electrolyzer electrolyzers exascale exfiltrate exfiltrated exfiltration explainer fintech ' +
    'frontend gamify gigafactory eurozone freeport greenlit hackathon html http hyperscaler hypersonics inferencing influencer ' +
    'laytime lightering lockdown longform longread multilateralism neobank newbuild newsfeed offtake ' +
    'onboarded onboarding onshoring outcompete outcompeted outcompeting outsized paywalled peatland ' +
    'pharma plurilateral podcaster precarity prosumer pushback reskilling rewild rewilded rewilding ' +
    'roadmap rollout satnav scalable securitization subsea superapp surveil surveilled surveilling ' +
    'telework tokenization tokenize tokenized upcycle upcycled upcycling uplink upskill upskilled ' +
    'upskilling vlog vlogger warfighter warfighting wifi '
  ).split(' '),
)
