/**
 * The forms on the page of preferences, read. Each says which act it is; that of the Lists carries what it showed, so
 * that what was done in another tab meanwhile isn't taken back.
 */

import type { Context } from 'hono'
import { z } from 'zod'
import { asReaderLanguage, READER_LANGUAGES } from '../../issue/reader-language.js'
import { PAUSES, type Pause } from '../../track/pause.js'
import type { PersonPreferences } from '../../track/preferences.js'
import type { PreferencesForm } from '../../track/save-preferences.js'
import type { WebEnv } from '../env.js'

export type AskedAct =
  | { readonly kind: 'save'; readonly shown: PreferencesForm; readonly wanted: PreferencesForm }
  | { readonly kind: 'pause'; readonly pause: Pause }
  | { readonly kind: 'resume' | 'leaveAll' | 'untrack' | 'track' | 'export' | 'erase' }
  /** As typed. */
  | { readonly kind: 'move'; readonly address: string }

const MAX_LISTS = 100
const MAX_TOPICS = 100
const MAX_NAME = 100
/** Longer than any address; what is typed is shown again. */
const MAX_TYPED = 320

const shownForm = z.object({
  lang: z.enum(READER_LANGUAGES).nullable(),
  lists: z
    .array(
      z.object({
        id: z.int().positive(),
        isOn: z.boolean(),
        topics: z.array(z.string().max(MAX_NAME)).max(MAX_TOPICS),
        monthly: z.boolean(),
      }),
    )
    .max(MAX_LISTS),
})

/** What the page shows, as its form carries it. */
export function shownOf({ lang, lists }: PersonPreferences): PreferencesForm {
  return {
    lang,
    lists: lists.map(({ id, standing, wanted, monthly }) => ({
      id,
      isOn: standing === 'active',
      topics: wanted,
      monthly,
    })),
  }
}

/** Null: it is none of our forms. */
export async function readAskedAct(c: Context<WebEnv>): Promise<AskedAct | null> {
  const body = await readBody(c)
  const act = body?.get('act')
  if (!body) return null
  switch (act) {
    case 'save':
      return readSave(body)
    case 'pause': {
      const pause = PAUSES.find((one) => one === body.get('pause'))
      return pause === undefined ? null : { kind: 'pause', pause }
    }
    case 'move':
      return { kind: 'move', address: textOf(body.get('address')).slice(0, MAX_TYPED) }
    case 'resume':
    case 'leaveAll':
    case 'untrack':
    case 'track':
    case 'export':
    case 'erase':
      return { kind: act }
    default:
      return null
  }
}

async function readBody(c: Context<WebEnv>): Promise<FormData | null> {
  try {
    return await c.req.formData()
  } catch {
    // No form at all, or multipart without a boundary.
    return null
  }
}

function readSave(body: FormData): AskedAct | null {
  const shown = readShown(textOf(body.get('shown')))
  if (shown === null) return null
  const ticked = new Set(body.getAll('list').map(textOf))
  const lists = shown.lists.map(({ id }) => ({
    id,
    isOn: ticked.has(String(id)),
    topics: body.getAll(`topics.${id}`).map(textOf),
    monthly: body.has(`monthly.${id}`),
  }))
  return { kind: 'save', shown, wanted: { lang: asReaderLanguage(textOf(body.get('lang'))), lists } }
}

function readShown(text: string): PreferencesForm | null {
  try {
    const parsed = shownForm.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** A file is none. */
function textOf(value: string | File | null): string {
  return typeof value === 'string' ? value : ''
}
