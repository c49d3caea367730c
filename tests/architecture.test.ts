import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findViolations } from './rig/architecture.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every source of src/ and workers/ but the tests beside them. */
function readSources(): ReadonlyMap<string, string> {
  const files = ['src', 'workers'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')),
  )
  return new Map(files.map((file) => [file, readFileSync(`${root}${file}`, 'utf8')]))
}

test('the sources keep the import direction and the naming rules', () => {
  expect(findViolations(readSources())).toEqual([])
})

describe('a made-up violation is caught:', () => {
  const sound: Readonly<Record<string, string>> = {
    'src/config.ts': 'export const port = process.env.PORT',
    'src/errors.ts': 'export class InputError extends Error {}',
    'src/db/db.ts': 'export interface Db {}\nexport function engineOf() {}\nexport function openAll() {}',
    'src/db/schema.ts': "export const STATES = ['queued']",
    'src/smtp/relay.ts':
      "import SMTPConnection from 'nodemailer/lib/smtp-connection'\nexport const relay = SMTPConnection",
    'src/issue/issue.ts': "import { InputError } from '../errors.js'\nexport const parse = () => InputError",
    'src/send/deliver.ts': [
      "import type { Db } from '../db/db.js'",
      "import { engineOf } from '../db/db.js'",
      "import { STATES } from '../db/schema.js'",
      "import { parse } from '../issue/issue.js'",
      'export const deliver = (db: Db) => [db, engineOf, STATES, parse]',
    ].join('\n'),
    'src/web/studio/page.ts': "import { parse } from '../../issue/issue.js'\nexport const page = parse",
    'workers/deliver.ts': "import { deliver } from '../src/send/deliver.js'\nexport const start = deliver",
    'src/app/engine.ts': "import { relay } from '../smtp/relay.js'\nexport const app = relay",
  }

  test('(and what is sound passes)', () => {
    expect(findViolations(new Map(Object.entries(sound)))).toEqual([])
  })

  test.each<[string, string, string, string]>([
    [
      'a step to the right',
      'src/issue/x.ts',
      "import { a } from '../send/deliver.js'",
      'against the import direction',
    ],
    [
      'its type alone',
      'src/issue/x.ts',
      "import type { A } from '../send/deliver.js'",
      'against the import direction',
    ],
    [
      'an adapter that knows the domain',
      'src/db/x.ts',
      "import { a } from '../issue/issue.js'",
      'import direction',
    ],
    [
      'adapters that know each other',
      'src/smtp/x.ts',
      "import type { A } from '../db/db.js'",
      'import direction',
    ],
    ['a live adapter in the domain', 'src/send/x.ts', "import { relay } from '../smtp/relay.js'", 'by value'],
    ['one in a command', 'src/commands/x.ts', "import { relay } from '../smtp/relay.js'", 'by value'],
    [
      'more of db than its fragments',
      'src/send/x.ts',
      "import { engineOf, openAll } from '../db/db.js'",
      'by value',
    ],
    [
      'an edge that knows the app',
      'workers/x.ts',
      "import { app } from '../src/app/engine.js'",
      'import direction',
    ],
    [
      'over several lines',
      'src/issue/x.ts',
      "import {\n  a,\n  b,\n} from '../send/deliver.js'",
      'import direction',
    ],
    [
      'a re-export',
      'src/issue/x.ts',
      "export { a } from '../send/deliver.js'\nconst b = 1",
      'import direction',
    ],
    ['a dynamic import', 'src/issue/x.ts', "await import('../send/deliver.js')", 'import direction'],
    [
      'a library out of its place',
      'src/send/x.ts',
      "import { Queue } from 'bullmq'",
      'bullmq, which belongs in queue',
    ],
    [
      'a part of one',
      'src/web/x.ts',
      "import S from 'nodemailer/lib/shared'",
      'nodemailer, which belongs in smtp',
    ],
    ['a scoped one', 'src/report/x.ts', "import { serve } from '@hono/node-server'", 'which belongs in web'],
    ['a default export', 'src/issue/x.ts', 'export default 1', 'default export'],
    [
      'a barrel',
      'src/issue/x.ts',
      "/** all */\nexport { parse } from './issue.js'\nexport * from './issue.js'",
      'barrel',
    ],
    ['a name that says nothing', 'src/issue/text-utils.ts', 'export const a = 1', '"utils" is no noun'],
    [
      'a page of the studio that takes more than its own files',
      'src/web/studio/client/x.ts',
      "import { parse } from '../../../issue/issue.js'",
      'a browser gets its own folder alone',
    ],
    [
      'a library in it',
      'src/web/studio/client/x.ts',
      "import { parse } from 'parse5'",
      'a browser gets its own folder alone',
    ],
    ['a folder of that name', 'src/issue/common/a.ts', 'export const a = 1', '"common" is no noun'],
    ['the environment', 'src/smtp/x.ts', 'export const a = process.env.HOME', 'reads process.env'],
    ['an unknown folder', 'src/extra/x.ts', "import { parse } from '../issue/issue.js'", 'does not know'],
  ])('%s', (_what, file, source, complaint) => {
    const violations = findViolations(new Map(Object.entries({ ...sound, [file]: source })))

    expect(violations).toEqual([expect.stringContaining(complaint)])
    expect(violations[0]).toContain(`${file}: `)
  })

  test('a cycle, also through a thread', () => {
    const files = {
      'src/db/a.ts': "import { entryFile } from '../thread.js'\nentryFile(import.meta.url, 'b')",
      'src/db/b.ts': "import { a } from './a.js'",
      'src/thread.ts': 'export const entryFile = 1',
    }

    expect(findViolations(new Map(Object.entries(files)))).toEqual([
      'src/db/a.ts → src/db/b.ts: import each other in a cycle',
    ])
  })

  test('a studio that reaches a transport by three steps', () => {
    const files = {
      ...sound,
      'src/web/studio/page.ts': "import { a } from '../shown.js'",
      'src/web/shown.ts': "import { a } from '../track/open.js'",
      'src/track/open.ts': "import { deliver } from '../send/deliver.js'",
    }

    expect(findViolations(new Map(Object.entries(files)))).toEqual([
      'src/web/studio/page.ts: reaches src/web/studio/page.ts → src/web/shown.ts → src/track/open.ts → src/send/deliver.ts',
    ])
  })

  test('comments and types are no violation', () => {
    const file = [
      "// import { a } from '../send/deliver.js', process.env",
      "/* export default process.env\nimport { a } from '../send/deliver.js'\n*/",
      "export const address = 'https://press.example' // process.env",
    ].join('\n')

    expect(findViolations(new Map(Object.entries({ ...sound, 'src/issue/x.ts': file })))).toEqual([])
  })
})
