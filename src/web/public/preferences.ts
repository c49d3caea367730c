/**
 * `/p/TOKEN`: what a person gets, how often, in which language and where to. The link may have been forwarded, so
 * whoever holds it can leave and pause, but not learn the address, join, move, export or erase without the mailbox.
 */

import { type Context, Hono } from 'hono'
import { parseAddress } from '../../address.js'
import type { Db, Query } from '../../db/db.js'
import { transact } from '../../db/transact.js'
import { unreachable } from '../../errors.js'
import type { Publication } from '../../issue/publication.js'
import type { ReaderLanguage } from '../../issue/reader-language.js'
import { USUAL_TRACKING } from '../../issue/tracking.js'
import type { Keys } from '../../link/token.js'
import { ask } from '../../track/ask.js'
import { maskAddress } from '../../track/mask.js'
import { leaveAll, pauseAll, pauseEnd } from '../../track/pause.js'
import { findPerson } from '../../track/person.js'
import { type PersonPreferences, readPreferences } from '../../track/preferences.js'
import { type SavedPreferences, savePreferences } from '../../track/save-preferences.js'
import { setTracking } from '../../track/tracking.js'
import { sayAddress } from '../address.js'
import type { WebEnv } from '../env.js'
import { type FaceOf, plainFace } from '../face.js'
import { badLinkPage } from '../failure.js'
import { languageOf } from '../language.js'
import { answerPage, type Face, type Html } from '../page.js'
import type { SentIssues } from '../sent-issues.js'
import { type HitContext, recordHit, whoAsks } from '../track/hit.js'
import { PREFERENCES_WORDS, type PreferencesWords } from '../words/preferences.js'
import { type AskedAct, readAskedAct } from './preferences-form.js'
import { type PreferencesView, preferencesBody, sayPause } from './preferences-page.js'

export interface PreferencesContext extends HitContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly issues: SentIssues
  readonly face: FaceOf
  readonly publication: () => Promise<Publication | null>
  readonly now: () => number
}

export function preferencesRoutes(context: PreferencesContext): Hono<WebEnv> {
  const { db, keys, now } = context
  const routes = new Hono<WebEnv>()

  routes.use('/p/:token', async (c, next) => {
    c.header('Cache-Control', 'no-store, private')
    c.header('X-Robots-Tag', 'noindex')
    await next()
  })

  routes.get('/p/:token', async (c) => {
    const found = await readPerson(c)
    return found === null ? badLinkPage(c) : answer(c, found, {})
  })

  routes.post('/p/:token', async (c) => {
    const found = await readPerson(c)
    if (found === null) return badLinkPage(c)
    const asked = await readAskedAct(c)
    const words = PREFERENCES_WORDS[found.lang]
    if (asked === null) return answer(c, found, { problem: words.unread, status: 400 })
    const result = await transact(db.query, 'preferences', (trx) => doAct(trx, c, asked, found))
    if (result === null) return badLinkPage(c)
    const { deliveryId } = found
    if (deliveryId !== null) await recordHit(c, { kind: 'form', deliveryId, link: null }, context)
    // In the language that they have just chosen, and as it is now.
    const after = await readPerson(c)
    return after === null
      ? badLinkPage(c)
      : answer(
          c,
          after,
          result(PREFERENCES_WORDS[after.lang], { lang: after.lang, timeZone: await timeZone() }),
        )
  })

  async function readPerson(c: Context<WebEnv>): Promise<Found | null> {
    const person = await findPerson(db.query, keys, c.req.param('token') ?? '', now())
    const preferences = person && (await readPreferences(db.query, person.subscriberId, { keys, now: now() }))
    if (person === null || preferences === null) return null
    const issue = person.deliveryId === null ? null : await context.issues.ofDelivery(person.deliveryId)
    const face = (await context.face()) ?? (issue === null ? null : plainFace(issue.publication))
    return {
      deliveryId: person.deliveryId,
      preferences,
      face,
      lang: languageOf(c, { chosen: preferences.lang, subject: issue?.lang ?? null }),
    }
  }

  /** What is to be said of it; null: the person is gone. */
  async function doAct(
    trx: Query,
    c: Context<WebEnv>,
    asked: AskedAct,
    { preferences, lang }: Found,
  ): Promise<((words: PreferencesWords, reader: Reader) => Answer) | null> {
    const { subscriberId, address } = preferences
    const own = { act: { how: 'preferences', ...whoAsks(c) }, keys, now: now(), pageLang: lang }
    const masked = maskAddress(address)
    switch (asked.kind) {
      case 'save': {
        const saved = await savePreferences(trx, subscriberId, { ...asked, ...own })
        return saved && ((words) => ({ done: saySaved(saved, words, masked) }))
      }
      case 'pause': {
        // All of them were left in another tab, as it may be.
        if (!preferences.lists.some(({ standing }) => standing === 'active'))
          return (words) => ({ done: [words.noLists] })
        const until = pauseEnd(asked.pause, own.now)
        await pauseAll(trx, subscriberId, { ...own, until })
        return (words, reader) => ({
          done: [`${sayPause(until, { ...reader, words })} ${words.pausedDone}`, words.onItsWay],
        })
      }
      case 'resume':
        await pauseAll(trx, subscriberId, { ...own, until: null })
        return (words) => ({ done: [words.resumedDone] })
      case 'leaveAll':
        await leaveAll(trx, subscriberId, own)
        return (words) => ({ done: [words.leftAll, words.onItsWay] })
      case 'untrack':
      case 'track': {
        const isUntracked = asked.kind === 'untrack'
        await setTracking(trx, subscriberId, { isUntracked, ...own })
        return (words) => ({ done: [isUntracked ? words.untracked : words.tracked] })
      }
      case 'move': {
        const parsed = parseAddress(asked.address)
        if (parsed.kind === 'refused')
          return (words) => ({ address: { typed: asked.address, problem: words.badAddress }, status: 400 })
        // Whether it is theirs already is nothing for whoever holds the link: the same answer.
        if (parsed.key !== preferences.addressKey || parsed.address !== address)
          await ask(trx, preferences, { kind: 'moveFrom', detail: { newAddress: parsed.address }, ...own })
        return (words) => ({ done: [sayAddress(words.mailed, masked)] })
      }
      case 'export':
      case 'erase':
        await ask(trx, preferences, { kind: asked.kind, ...own })
        return (words) => ({ done: [sayAddress(words.mailed, masked)] })
      default:
        return unreachable(asked)
    }
  }

  async function answer(
    c: Context<WebEnv>,
    { preferences, face, lang }: Found,
    { done = [], problem = null, address = { typed: '', problem: null }, status = 200 }: Answer,
  ): Promise<Response> {
    const view = {
      preferences,
      lang,
      timeZone: await timeZone(),
      // What nobody knows is as usual.
      tracking: (await context.publication())?.tracking ?? USUAL_TRACKING,
      now: now(),
      done,
      problem,
      address,
    }
    const body = preferencesBody(view)
    const page = { lang, face, heading: PREFERENCES_WORDS[lang].heading, body }
    return answerPage(c, { ...page, languages: 'offered' }, status)
  }

  async function timeZone(): Promise<string> {
    return (await context.publication())?.timeZone ?? 'UTC'
  }

  return routes
}

/** How a date is said to them. */
type Reader = Pick<PreferencesView, 'lang' | 'timeZone'>

interface Found {
  /** What the link came with; null when that was a Notice. */
  readonly deliveryId: number | null
  readonly preferences: PersonPreferences
  readonly face: Face | null
  readonly lang: ReaderLanguage
}

type Answer = Partial<Pick<PreferencesView, 'done' | 'problem' | 'address'>> & { readonly status?: 200 | 400 }

function saySaved(
  saved: SavedPreferences,
  words: PreferencesWords,
  masked: string,
): readonly (string | Html)[] {
  const said = [
    ...saved.left.map(words.left),
    ...(saved.left.length > 0 ? [words.onItsWay] : []),
    ...saved.back.map(words.back),
    ...saved.asked.map((list) => sayAddress((address) => words.asked(list, address), masked)),
    ...saved.changed.map(words.changed),
    ...(saved.isLanguageChanged ? [words.languageSaved] : []),
  ]
  return said.length === 0 ? [words.nothing] : said
}
