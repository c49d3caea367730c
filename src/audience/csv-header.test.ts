import { describe, expect, test } from 'vitest'
import { messageOf } from '../errors.js'
import type { AttributeType } from '../issue/publication.js'
import { type HeaderContext, readHeader } from './csv-header.js'
import { substack } from './origin/substack.js'

interface Told {
  readonly map?: Readonly<Record<string, string>>
  readonly from?: HeaderContext['from']
  readonly types?: readonly AttributeType[]
}

function read(header: string, { map = {}, from = null, types = [] }: Told = {}) {
  return readHeader(header.split(';'), {
    where: 'x.csv',
    line: 1,
    map: new Map(Object.entries(map)),
    from,
    types: new Map(types.map((type) => [type.name, type])),
  })
}

function refusal(header: string, told?: Told): string {
  try {
    read(header, told)
  } catch (error) {
    return messageOf(error)
  }
  throw new Error('was read')
}

describe('a header that is not understood', () => {
  test('is answered with the whole line that would be right', () => {
    const header = 'E-Mail;Vorname;Nachname;Straße / Nr.;plan'
    const said = refusal(header)

    expect(said).toBe(
      [
        'x.csv:1: has no "address" column, only "E-Mail", "Vorname", "Nachname", "Straße / Nr.", "plan"; the header would be address,name',
        'x.csv:1: has "E-Mail", "Vorname", "Nachname", "Straße / Nr.", but an attribute\'s name is small letters, digits and _. ' +
          'This says what they are for: --map "E-Mail=address" --map "Vorname=first_name" --map "Nachname=last_name" ' +
          '--map "Straße / Nr.=stra_e_nr"; nothing behind the = leaves one out',
      ].join('\n'),
    )
    const map = Object.fromEntries(
      [...said.matchAll(/--map "(.*?)=(.*?)"/g)].map(([, from, to]) => [from, to]),
    )
    expect(read(header, { map })).toMatchObject({
      address: 0,
      names: [1, 2],
      attributes: [{ name: 'stra_e_nr' }, { name: 'plan' }],
    })
  })

  test('has its guesses once each, beside what is known already', () => {
    expect(refusal('email;E-Mail;Mail-Adresse;(%)')).toContain(
      '--map "E-Mail=e_mail" --map "Mail-Adresse=mail_adresse" --map \'(%)=\'',
    )
  })

  test('without an address that could be guessed says how it is named', () => {
    expect(refusal('who;name')).toBe(
      'x.csv:1: has no "address" column, only "who", "name"; the header would be address,name, or --map "COLUMN=address" names it',
    )
    expect(refusal('mail;name')).toContain('--map "mail=address"')
  })

  test('brings nothing to a shell that would be carried out there', () => {
    expect(refusal('email;$(reboot) "`\'')).toContain(`--map '$(reboot) "\`'\\''=reboot'`)
    expect(refusal('email;A\u001b[31mB')).not.toContain('--map')
  })

  test('of another export of the tool that was named says which one it would be', () => {
    expect(refusal('Email;Name;Stripe plan', { from: substack })).toContain(
      'is no export of Substack, whose header has "email", "active_subscription", "email_disabled"; ' +
        'export that one, which says who has left, or leave --from out and name the columns with --map',
    )
    expect(refusal('Email;Name;Stripe plan')).toContain('--map "Stripe plan=stripe_plan"')
  })
})

describe('--map', () => {
  test('is free in case and blanks where only one column is meant', () => {
    expect(
      read('E-Mail;First  Name', { map: { 'e-mail': 'Address', 'first name': 'first_name' } }),
    ).toMatchObject({
      address: 0,
      names: [1],
    })
    expect(refusal('address;Ort;ORT', { map: { ort: 'city' } })).toContain(
      'has "Ort" and "ORT", which --map "ort" both fits; write it as there',
    )
    expect(read('address;Ort;ort', { map: { ort: 'city', Ort: 'town' } }).attributes).toMatchObject([
      { name: 'town' },
      { name: 'city' },
    ])
    expect(refusal('address;Ort', { map: { ort: 'city', Ort: 'town' } })).toContain(
      'names the column "Ort" twice',
    )
  })

  test('asks about a slip, and takes an attribute of that name when it is meant', () => {
    expect(refusal('E-Mail', { map: { 'E-Mail': 'adress' } })).toContain(
      '--map "E-Mail=adress": did you mean "E-Mail=address"? For an attribute of that name, write "E-Mail=attributes.adress"',
    )
    expect(
      refusal('email;Land', { map: { Land: 'contry' }, types: [{ name: 'country', kind: 'text' }] }),
    ).toContain('did you mean "Land=country"?')
    expect(read('email;Land', { map: { Land: 'attributes.adress' } }).attributes).toMatchObject([
      { name: 'adress' },
    ])
    expect(read('email;Ort', { map: { Ort: 'city' } }).attributes).toMatchObject([{ name: 'city' }])
  })
})
