/**
 * `/subscribe/LIST`: where people subscribe. What is typed is only written down, and the answer is the same whoever it is
 * about. A form that stands on another site acts on nothing; it is shown here, filled in, to be sent once more.
 */

import { type Context, Hono } from 'hono'
import { type List, lookUpList } from '../../audience/list.js'
import type { Db } from '../../db/db.js'
import { asReaderLanguage, type ReaderLanguage } from '../../issue/reader-language.js'
import { makeStamp, readStamp } from '../../link/stamp.js'
import type { Keys } from '../../link/token.js'
import type { Log } from '../../log.js'
import { rhythmOf } from '../../report/rhythm.js'
import { recordSignUp } from '../../track/sign-up.js'
import type { WebEnv } from '../env.js'
import type { FaceOf } from '../face.js'
import { missingPage } from '../failure.js'
import { languageOf } from '../language.js'
import { answerPage } from '../page.js'
import { isForeign } from '../same-site.js'
import { whoAsks } from '../track/hit.js'
import {
  type FormOrigin,
  type SubscribeView,
  sentPage,
  snippetPage,
  subscribePage,
  TRAP,
} from './subscribe-page.js'
import { writeSnippet } from './subscribe-snippet.js'

/** Nobody reads the page, types an address and sends it sooner; what is filled in already may be sent at once. */
const LEAST_MS: Readonly<Record<FormOrigin['from'], number>> = { page: 1_500, form: 300 }
const MAX_TYPED = 320
const MAX_ORIGIN = 100

export interface SubscribeContext {
  readonly db: Pick<Db, 'query'>
  readonly keys: Keys
  readonly log: Log
  readonly now: () => number
  readonly face: FaceOf
  readonly publicUrl: () => Promise<string>
}

export function subscribeRoutes({ db, keys, log, now, face, publicUrl }: SubscribeContext): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()

  routes.use('/subscribe/*', async (c, next) => {
    // A stamp is for one visit.
    c.header('Cache-Control', 'no-store, private')
    await next()
  })

  routes.get('/subscribe/:list', async (c) => {
    const list = await openList(c)
    if (list === null) return missingPage(c, 'missing')
    return show(c, list, { why: 'opened', typed: NOTHING, origin: { from: 'page', page: '' } })
  })

  routes.get('/subscribe/:list/form', async (c) => {
    const list = await openList(c)
    if (list === null) return missingPage(c, 'missing')
    const lang = languageOf(c)
    c.header('X-Robots-Tag', 'noindex')
    const snippet = writeSnippet({ list, lang, publicUrl: await publicUrl() })
    return answerPage(c, { face: await face(), ...snippetPage({ list, lang, snippet }) })
  })

  routes.post('/subscribe/:list', async (c) => {
    const list = await openList(c)
    if (list === null) return missingPage(c, 'missing')
    const sent = await readSent(c)
    const { typed, origin, stamp } = sent
    const ageMs = readStamp(keys, stamp, { fixed: fixedOf(list, origin), now: now() })
    const lang = asReaderLanguage(sent.lang) ?? languageOf(c)
    if (ageMs === null || isForeign(c, await publicUrl()))
      return show(c, list, { why: 'onceMore', typed, lang, origin: { from: origin.from, page: senderOf(c) } })
    if (typed.address.trim() === '') return show(c, list, { why: 'missing', typed, lang, origin })
    const isMachine = sent.trap !== '' || ageMs < LEAST_MS[origin.from]
    if (isMachine)
      log.info({ list: list.name, filled: sent.trap !== '', ageMs }, 'sign-up by a machine let go')
    else await write(c, list, { ...typed, lang, origin })
    return answerPage(c, { face: await face(), ...sentPage(lang) })
  })

  async function write(
    c: Context<WebEnv>,
    list: List,
    given: { address: string; name: string; lang: ReaderLanguage; origin: FormOrigin },
  ): Promise<void> {
    const { network, agent } = whoAsks(c)
    const { address, name, lang, origin } = given
    const isTaken = await recordSignUp(db.query, {
      listId: list.id,
      address,
      name,
      lang,
      network,
      userAgent: agent,
      ...origin,
      now: now(),
    })
    if (!isTaken) log.warn({ list: list.name }, 'a flood of sign-ups: one was let go')
  }

  /** A List that anyone may join; a private or closed one is as if it were not there. */
  async function openList(c: Context<WebEnv>): Promise<List | null> {
    const list = await lookUpList(db.query, c.req.param('list') ?? '')
    return list?.isPublic && list.isOpen ? list : null
  }

  async function show(
    c: Context<WebEnv>,
    list: List,
    {
      lang = languageOf(c),
      ...view
    }: Pick<SubscribeView, 'why' | 'typed' | 'origin'> & { lang?: ReaderLanguage },
  ): Promise<Response> {
    const stamp = makeStamp(keys, fixedOf(list, view.origin), now())
    const page = subscribePage({ list, lang, rhythm: await rhythmOf(db.query, list.id), stamp, ...view })
    return answerPage(c, { face: await face(), ...page })
  }

  return routes
}

const NOTHING = { address: '', name: '' }

function fixedOf(list: List, { from, page }: FormOrigin): readonly (string | number)[] {
  return [list.id, from, page]
}

interface Sent {
  readonly typed: { readonly address: string; readonly name: string }
  readonly origin: FormOrigin
  readonly stamp: string
  readonly trap: string
  readonly lang: string
}

/** Whatever a body is: what it does not say is ''. */
async function readSent(c: Context<WebEnv>): Promise<Sent> {
  const body = await readBody(c)
  const field = (name: string) => {
    const value = Object.hasOwn(body, name) ? body[name] : ''
    return typeof value === 'string' ? value.slice(0, MAX_TYPED) : ''
  }
  return {
    typed: { address: field('address'), name: field('name') },
    origin: { from: field('from') === 'form' ? 'form' : 'page', page: field('page').slice(0, MAX_ORIGIN) },
    stamp: field('stamp'),
    trap: field(TRAP),
    lang: field('lang'),
  }
}

async function readBody(c: Context<WebEnv>): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await c.req.parseBody()
  } catch {
    // A multipart body without a boundary, for one.
    return {}
  }
}

/** The site whose form it was, as its browser says; '' when it does not. */
function senderOf(c: Context<WebEnv>): string {
  const origin = c.req.header('origin') ?? ''
  return URL.canParse(origin) ? new URL(origin).origin.slice(0, MAX_ORIGIN) : ''
}
