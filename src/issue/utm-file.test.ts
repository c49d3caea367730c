import { expect, test } from 'vitest'
import { InputError } from '../errors.js'
import { parsePublication } from './publication-file.js'

function read(utm: string) {
  return parsePublication({ file: 'newsletter.yaml', source: `name: The Brief\n${utm}` }).utm
}

function problemsIn(utm: string): readonly string[] {
  try {
    read(utm)
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

test.each([
  ['', null],
  ['utm:\n', null],
  ['utm: off\n', null],
  ['utm:\n  source: brief\n', { values: { source: 'brief' }, only: [] }],
  [
    'utm:\n  content: "{section}"\n  campaign: brief-{number}\n  only:\n    - Example.com\n    - köln.example\n',
    {
      values: { campaign: 'brief-{number}', content: '{section}' },
      only: ['example.com', 'xn--kln-sna.example'],
    },
  ],
])('%j is read', (source, utm) => {
  expect(read(source)).toEqual(utm)
})

test.each([
  ['utm: on\n', 'newsletter.yaml:2: "utm" wants off, or keys below it, such as source: harbour-brief'],
  [
    'utm:\n  only: example.com\n',
    'newsletter.yaml:2: "utm" adds nothing; give one of source, medium, campaign, content, as in source: harbour-brief',
  ],
  ['utm:\n  sorce: brief\n', 'newsletter.yaml:3: "sorce" is an unknown key; did you mean "source"?'],
  [
    'utm:\n  source: brief\n  campaign: "{isue}"\n',
    'newsletter.yaml:4: "campaign" holds {isue}; did you mean {issue}?',
  ],
  [
    'utm:\n  source: "{subscriber.name}"\n',
    'newsletter.yaml:3: "source" holds {subscriber.name}; there are {issue}, {number}, {section}',
  ],
  [
    'utm:\n  source: "{{issue}}"\n',
    'newsletter.yaml:3: "source" holds a brace that belongs to no place; there are {issue}, {number}, {section}',
  ],
  [
    'utm:\n  source: brief\n  only: https://example.com\n',
    'newsletter.yaml:4: "only": "https://example.com" is no domain; write it like example.com, without https://',
  ],
  [
    `utm:\n  source: ${'a'.repeat(201)}\n`,
    'newsletter.yaml:3: "source" has 201 characters; 200 are the most',
  ],
])('%j is a problem with its line', (source, problem) => {
  expect(problemsIn(source)).toEqual([problem])
})
