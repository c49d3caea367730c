/**
 * The public URL as receivers and readers meet it: does it lead to an engine with our keys, and does the one-click
 * POST of RFC 8058 get through? Gmail and Yahoo want that of everyone who sends in bulk.
 */

import { type Finding, findingsOf } from './finding.js'

const web = findingsOf('web')
const oneClick = findingsOf('one-click')

export interface SiteLook {
  /** GET /health with a nonce. */
  readonly health: HttpLook
  /** POST to /u/ and a Token that is none: ours answers 404 and changes nothing. */
  readonly oneClick: HttpLook
  /** Whether the engine there holds the secret that signs here; `unproven`: it did not say, `unknown`: there is none here. */
  readonly secret: 'same' | 'other' | 'unproven' | 'unknown'
}

export type HttpLook =
  | {
      readonly kind: 'answered'
      readonly status: number
      /** Where it would redirect to. */
      readonly location: string | null
      readonly body: string
    }
  | { readonly kind: 'unreachable'; readonly cause: string }

export interface SiteInput {
  readonly publicUrl: string
  readonly look: SiteLook
  /** Whether an engine runs on this root; null: it can't be known. */
  readonly isEngineHere: boolean | null
}

export function judgeSite({ publicUrl, look, isEngineHere }: SiteInput): readonly Finding[] {
  const reached = judgeHealth({ publicUrl, look, isEngineHere })
  const isReached = look.health.kind === 'answered' && look.secret === 'same'
  const scheme = judgeScheme(publicUrl)
  return [...scheme, reached, ...(isReached ? [judgeOneClick(publicUrl, look.oneClick)] : [])]
}

/** RFC 8058 section 3.1 wants https; a link in the clear shows everyone on the way who reads what. */
function judgeScheme(publicUrl: string): readonly Finding[] {
  return publicUrl.startsWith('https:')
    ? []
    : [
        web.error(
          `${publicUrl} is not https, and one-click unsubscribing wants it; put a proxy that does TLS in front`,
        ),
      ]
}

function judgeHealth({ publicUrl, look: { health, secret }, isEngineHere }: SiteInput): Finding {
  if (health.kind === 'unreachable') {
    const sentence = `${publicUrl} can't be reached (${health.cause})`
    return isEngineHere === false
      ? web.warning(`${sentence}, and no engine runs here; pressrun start, then ask again`)
      : web.error(`${sentence}; readers' clicks and unsubscribes would get lost`)
  }
  if (health.location !== null)
    return web.error(
      `${publicUrl} redirects to ${health.location.slice(0, 200)}; write where it leads to in PUBLIC_URL`,
    )
  const answer = readHealth(health.body)
  if (answer === null) {
    const sentence = `at ${publicUrl} something answers that is not Pressrun (${health.status} to /health)`
    return isEngineHere === false && health.status >= 500
      ? web.warning(`${sentence}, and no engine runs here; pressrun start, then ask again`)
      : web.error(`${sentence}; have it lead to the engine's HOST and PORT`)
  }
  if (secret === 'unproven')
    return web.error(
      `the engine at ${publicUrl} proves nothing of its secret: it is an older one; run the same version`,
    )
  if (secret === 'other')
    return web.error(
      `the engine at ${publicUrl} does not know the secret that signs here, so that every link would be refused; give both the same PRESSRUN_SECRET`,
    )
  if (answer.ills.length > 0)
    return web.warning(`the engine at ${publicUrl} says that it is ill: ${answer.ills.join(', ')}`)
  return secret === 'same'
    ? web.ok(`${publicUrl} leads to an engine with our secret`)
    : web.note(`${publicUrl} leads to an engine; whether it is ours can't be told without a secret`)
}

interface Health {
  readonly ills: readonly string[]
}

/** What `/health` answers; null when it is something else. */
function readHealth(body: string): Health | null {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return null
    const ill = 'ill' in answer && typeof answer.ill === 'object' && answer.ill !== null ? answer.ill : {}
    return { ills: Object.entries(ill).map(([part, how]) => `${part} ${String(how)}`.slice(0, 100)) }
  } catch {
    // Whatever it is, it is not ours.
    return null
  }
}

function judgeOneClick(publicUrl: string, look: HttpLook): Finding {
  const remedy = "let POST to /u/ through to the engine: without login, redirect or a browser's check"
  if (look.kind === 'unreachable')
    return oneClick.error(`a one-click unsubscribe at ${publicUrl} gets no answer (${look.cause}); ${remedy}`)
  // The Token is none, so ours says 404; anything else came from whatever stands in between.
  return look.status === 404
    ? oneClick.ok(`a one-click unsubscribe at ${publicUrl} reaches the engine`)
    : oneClick.error(
        `a one-click unsubscribe at ${publicUrl} is answered ${look.status} before it reaches the engine; ${remedy}`,
      )
}
