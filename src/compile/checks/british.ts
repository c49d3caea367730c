/**
 * British spellings as an American dictionary knows them. English has two right ways to write some thousand words, and
 * the dictionary at hand has one of them; of a newsletter either is right.
 */

/** What the rest of a word may be after `our`. */
const AFTER_OUR =
  '(?:s|ed|ing|er|ers|able|ably|ful|fully|less|ite|ites|hood|hoods|ist|ists|ism|y|ly|al|ally|ation|some|er|man|men)?$'

/**
 * Each turns what a British writer may write into what an American does. None of them undoes a common slip: `nce`, which
 * would make "responce" right, stands as whole words below.
 */
const RULES: readonly (readonly [british: RegExp, american: string])[] = [
  [/is(e|ed|es|er|ers|ing|ation|ations|ational|able)$/, 'iz$1'],
  [/ys(e|ed|es|er|ers|ing)$/, 'yz$1'],
  [new RegExp(`our(?=${AFTER_OUR})`), 'or'],
  [/(?<=[bcdghtv])re(s?)$/, 'er$1'],
  [/(?<=[bcdghtv])r(ed|ing)$/, 'er$1'],
  [/(?<=[aeiou])ll(ed|ing|er|ers|or|ors|ous|ously|y|est|able)$/, 'l$1'],
  [/ae/, 'e'],
  [/oe/, 'e'],
  [/ogue(s?)$/, 'og$1'],
  [/ogu(ed|ing)$/, 'og$1'],
  [/(?<=[a-z]{2})eable$/, 'able'],
  [/^(de|of)fence(s|less)?$/, '$1fense$2'],
  [/^pretence(s?)$/, 'pretense$1'],
  [/licence(s|d)?$/, 'license$1'],
  [/practis(e|ed|es|ing)$/, 'practic$1'],
  [/programme(s?)$/, 'program$1'],
  [/^(en|un)?rol(s|ment|ments)?$/, '$1roll$2'],
  [/^(ful|in|dis|ap)(fil|stil|til|pal)(s|ment|ments)?$/, '$1$2l$3'],
  [/^instalment(s?)$/, 'installment$1'],
  [/^(un)?(ski|wi)lful(ly|ness)?$/, '$1$2llful$3'],
  [/^scept/, 'skept'],
  [/grey/, 'gray'],
  [/plough/, 'plow'],
  [/draught/, 'draft'],
  [/(m|sm)oul(d|t)/, '$1ol$2'],
  [/sulph/, 'sulf'],
  [/aluminium/, 'aluminum'],
  [/artefact/, 'artifact'],
  [/^(enquir)/, 'inquir'],
  [/^despatch/, 'dispatch'],
  [/^ageing$/, 'aging'],
  [/(judg|acknowledg|lodg|abridg)ement/, '$1ment'],
  [/jewellery$/, 'jewelry'],
  [/woollen/, 'woolen'],
  [/^cheque(s|book|books)?$/, 'check$1'],
  [/tyre(s|d)?$/, 'tire$1'],
  [/storey(s|ed)?$/, 'story'],
  [/^cos(y|ier|iest|ily|iness)$/, 'coz$1'],
  [/pyjama/, 'pajama'],
  [/moustach/, 'mustach'],
  [/aeroplane/, 'airplane'],
  [/yoghurt/, 'yogurt'],
  [/speciality$/, 'specialty'],
  [/specialities$/, 'specialties'],
  [/manoeuvr(e|es)$/, 'maneuver'],
  [/manoeuvr(ed|ing|able|ability)$/, 'maneuver$1'],
  [/(focus|bias)s(ed|ing|es)$/, '$1$2'],
  [/(benefit|budget|target|market)t(ed|ing)$/, '$1$2'],
  [/^kerb/, 'curb'],
  [/^gaol/, 'jail'],
  [/^axe(s?)$/, 'ax'],
  [/^(?:learn|burn|dream|spoil|lean|leap|spel|spil)t$/, 'learned'],
  [/^(among|amid)st$/, '$1'],
  [/grammes?$/, 'gram'],
]

/** A word may need two of them: `haemorrhaging`, `organisational`. */
const MOST_RULES = 2

/** How an American may spell `word`, which is in small letters. */
export function americanSpellings(word: string): readonly string[] {
  const spellings = new Set<string>()
  let latest: readonly string[] = [word]
  for (let count = 0; count < MOST_RULES; count++) {
    latest = latest.flatMap(applyEach)
    for (const spelt of latest) spellings.add(spelt)
  }
  return [...spellings]
}

function applyEach(word: string): readonly string[] {
  return RULES.flatMap(([british, american]) => (british.test(word) ? [word.replace(british, american)] : []))
}
