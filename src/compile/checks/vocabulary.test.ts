import { expect, test } from 'vitest'
import { openDictionaries } from '../dictionary.js'
import { isRight } from './vocabulary.js'

const knows = (await openDictionaries(['en-GB'])).get('en') ?? (() => false)
const vocabulary = { knows, own: new Set<string>() }

/** Of these words those that are not right. */
function wrongOf(words: string): readonly string[] {
  return words.split(' ').filter((word) => !isRight(word, vocabulary))
}

test('what the British write is right', () => {
  const words =
    'colour colours coloured colouring favourite neighbourhood behavioural honourably armoury labourers harbourmaster ' +
    'centre centred centring kilometres theatre calibre organise organised organisational prioritising globalisation ' +
    'analysed paralysing travelled modelling counsellor marvellous fuelling haemorrhage paediatric foetus oestrogen ' +
    'encyclopaedia manoeuvre manoeuvring catalogue catalogued defence defenceless offences pretence licence licensed ' +
    'practise practising programme programmes enrol enrolment fulfil fulfilment instil distil appal instalments skilful ' +
    'wilfully scepticism grey greyer ploughed draught mouldy smouldering sulphur aluminium artefacts enquiry despatched ' +
    'ageing judgement acknowledgement jewellery woollen cheque tyres storeys cosy pyjamas moustache aeroplane yoghurt ' +
    'speciality focussed benefitted kerb gaol learnt burnt spelt amongst whilst grammes tonnes likeable cyberdefence'

  expect(wrongOf(words)).toEqual([])
})

test('what is younger than the dictionary, or put together, is right', () => {
  const words =
    'chatbots decarbonise deglobalisation hyperscaler geoeconomic cybersecurity reauthorization policymakers shipowner ' +
    'transshipment dockworkers hypersonic nonbinding yearlong counterterrorism reinsurers petrostates unseaworthiness'

  expect(wrongOf(words)).toEqual([])
})

test('common slips are not right, also those that a rule would nearly excuse', () => {
  const words =
    'accidently accomodate acheive adress arguement basicly beleive buisness calender catagory collegue commitee ' +
    'concensus definately dependancy dissapoint embarass enviroment existance foriegn goverment harrass immediatly ' +
    'independant knowlege liason maintainance millenium neccessary noticable occassion occured parliment percieve ' +
    'persistant posession preceed prefered privelege probaly reccomend recieve refered relevent remeber seige seperate ' +
    'similiar succesful suprise tendancy tommorow truely unfortunatly untill wierd writting yeild teh responce sence ' +
    'organistion labuor shal wil potatos tarrif harbuor sensable'

  expect(wrongOf(words)).toEqual(words.split(' '))
})

test('without a dictionary for any of the languages none is loaded', async () => {
  expect((await openDictionaries(['de', 'ja'])).size).toBe(0)
})
