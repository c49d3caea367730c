/**
 * SpamAssassin as a reader of our messages: the rules that its Debian package brings, and nothing that asks a network, learns,
 * or remembers. Home and site configuration are its own.
 */

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Where Debian keeps which plugins are loaded; rules alone know no HTML without them. */
const PLUGINS = '/etc/spamassassin'

const SETTINGS = `
use_bayes 0
use_auto_whitelist 0
skip_rbl_checks 1
`

const HIT = /^\s*(-?\d+\.\d+) ([A-Z][A-Z0-9_]+)\s/gm

export interface Verdict {
  readonly score: number
  /** Rules that hit, with their points. */
  readonly hits: readonly { readonly rule: string; readonly points: number }[]
}

export function judgeSpam(message: Uint8Array): Verdict {
  const home = mkdtempSync(path.join(tmpdir(), 'pressrun-spam-'))
  try {
    const site = path.join(home, 'site')
    mkdirSync(site)
    for (const name of readdirSync(PLUGINS).filter((file) => file.endsWith('.pre')))
      cpSync(path.join(PLUGINS, name), path.join(site, name))
    writeFileSync(path.join(site, 'local.cf'), SETTINGS)
    const { status, stdout, stderr } = spawnSync(
      'spamassassin',
      ['--test-mode', '--local', `--siteconfigpath=${site}`, `--prefspath=${path.join(home, 'prefs')}`],
      {
        input: message,
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '', HOME: home, LANG: 'C.UTF-8' },
      },
    )
    const score = /^X-Spam-Status: .*\bscore=(-?[\d.]+)/m.exec(stdout)?.[1]
    if (status !== 0 || score === undefined) throw new Error(`spamassassin ended with ${status}: ${stderr}`)
    const report = stdout.slice(stdout.indexOf('Content analysis details:'))
    const hits = [...report.matchAll(HIT)].map(([, points, rule = '']) => ({ rule, points: Number(points) }))
    return { score: Number(score), hits }
  } finally {
    rmSync(home, { recursive: true })
  }
}
