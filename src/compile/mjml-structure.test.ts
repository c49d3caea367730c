import { expect, test } from 'vitest'
import { checkStructure } from './mjml-structure.js'

function page(content: string): string {
  return `<mjml lang="en">\n<mj-body><mj-section><mj-column>\n${content}\n</mj-column></mj-section></mj-body>\n</mjml>\n`
}

function found(mjml: string): readonly string[] {
  return checkStructure(mjml).map(({ line, message }) => `${line}: ${message}`)
}

test.each<[string, string, string]>([
  ['nothing at all', '', '1: there is no <mjml>'],
  ['HTML instead of MJML', '<html><body>Tide</body></html>', '1: there is no <mjml>'],
  ['no body', '<mjml><mj-head></mj-head></mjml>', '1: <mjml> holds 0 <mj-body>'],
  ['two bodies', '<mjml>\n<mj-body></mj-body><mj-body></mj-body></mjml>', '1: <mjml> holds 2 <mj-body>'],
  ['words before it', `Tide\n${page('')}`, '1: "Tide" stands outside of <mjml>'],
  ['a second one behind it', `${page('')}\n<mjml></mjml>`, '7: "<mjml></mjml>" stands outside of <mjml>'],
  ['a comment that is never closed', page('<!-- ask Ida'), '3: a comment is never closed'],
  ['an element that is never closed', page('<mj-text>\n<div>Tide</mj-text>'), '4: <div> is never closed'],
  [
    'elements that cross',
    page('<mj-text><b>a\n<i>b</b></i></mj-text>'),
    '4: </b> closes <i>, which is still open',
  ],
  ['an end without a beginning', page('<mj-button>Tide</a></mj-button>'), '3: </a> closes nothing'],
])('%s is found with its line', (_what, mjml, message) => {
  expect(found(mjml)[0]).toContain(message)
})

test.each<[string, string]>([
  ['elements that have no end', page('<mj-text>a<br>b<img src="x.png" alt="a > b"><hr /></mj-text>')],
  ['half a table in mj-raw', page('<mj-raw><table><tr></mj-raw><mj-raw></tr></table></mj-raw>')],
  [
    'what a note or Outlook’s conditional comment holds',
    page('<mj-text><!-- <div> --><!--[if mso]><td><![endif]--></mj-text>'),
  ],
  ['notes round it', `<!-- a note -->\n${page('')}<!-- another -->`],
  ['a comparison', page('<mj-text>a < b and 3 <4</mj-text>')],
  ['empty elements of MJML', page('<mj-text /><mj-text><p>a</p></mj-text><mj-image src="a.png" alt="" />')],
])('%s are sound', (_what, mjml) => {
  expect(found(mjml)).toEqual([])
})
