/** `pressrun verify`: does the record of a Send hold, by itself and against a receiver's ledger? */

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Store } from '../app/store.js'
import { InputError, messageOf } from '../errors.js'
import { type ComparedLedger, type LedgerEntry, type Verification, verifySend } from '../send/verify.js'

const entry = z.object({ to: z.string(), messageId: z.string() })

export async function verifyCommand(
  sendId: number,
  { store, ledgerFile }: { readonly store: Store; readonly ledgerFile: string | null },
): Promise<Verification> {
  const options = { query: store.db.query, keys: store.keys }
  return verifySend(
    sendId,
    ledgerFile === null ? options : { ...options, ledger: () => readLedger(ledgerFile) },
  )
}

/** JSON lines `{"to","messageId"}`, one an accepted message. Throws InputError naming the line that is none. */
function readLedger(file: string): readonly LedgerEntry[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`--ledger: cannot read ${file}: ${messageOf(error)}`)
  }
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const message = 'is not a ledger line; write {"to": address, "messageId": …}'
    try {
      return [entry.parse(JSON.parse(line))]
    } catch (error) {
      throw new InputError([{ where: file, line: index + 1, message }], { cause: error })
    }
  })
}

export function printVerification({ send, audience, isClean, findings, ledger }: Verification): string {
  const people = audience.toLocaleString('en')
  const against = ledger === null ? '' : `, compared with ${describeLedger(ledger)}`
  const lines = isClean
    ? [`Send ${send} is clean: ${people} accounted for${against}`]
    : [
        `Send ${send} is not clean (${people} on record${against}):`,
        ...findings.map(
          ({ rule, count, examples }) =>
            `  ${rule}: ${count.toLocaleString('en')}${examples.length > 0 ? ` (${examples.join(', ')}${count > examples.length ? ', …' : ''})` : ''}`,
        ),
      ]
  if (ledger !== null && ledger.uncertainThatArrived > 0)
    lines.push(`  of the uncertain ones, ${ledger.uncertainThatArrived.toLocaleString('en')} did arrive`)
  return `${lines.join('\n')}\n`
}

/** `1,000 accepted messages`, and what of the ledger was left aside. */
function describeLedger({ entries, ofThisSend }: ComparedLedger): string {
  const compared = `${ofThisSend.toLocaleString('en')} accepted ${ofThisSend === 1 ? 'message' : 'messages'}`
  const others = entries - ofThisSend
  return others === 0
    ? compared
    : `${compared}; ${others.toLocaleString('en')} more in the ledger are none of this Send`
}
