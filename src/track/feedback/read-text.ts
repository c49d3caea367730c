/**
 * Bounces without a delivery status, as text for people: qmail, Exim, old Exchange and Sendmail, Notes, Gmail and others. It
 * has to come from a machine and say that a message was not delivered; a person's words are never read as a bounce.
 */

import { isTelling, readBounced } from './fault.js'
import type { Claim } from './feedback.js'
import { fieldOf } from './fields.js'
import type { Mail } from './read-mail.js'
import { linesAbout, namedRecipient, readSections, reportText } from './report-text.js'

const MAX_RECIPIENTS = 100

const MACHINE =
  /\b(mailer[-_ ]?daemon|mail[-_]?daemon|mdaemon|post_?master|mail[-_ ]?deliver[a-z]*|non[-_]?delivery|bounces?|no-?reply[a-z-]*)\b[^@]*@|mail delivery (sub)?system|\bmailer-daemon\b/i
const FAILED_SUBJECT =
  /undeliver|un(able|successful)[ -]?(to )?(deliver|delivery)|not (been )?deliver|non-?deliver|deliver[a-z]*[^a-z]{1,3}(has |message |notification |report )?(fail|problem|error|impossible|incomplete|unsuccess|status|notification|report|system|was|warning|delay)|fail(ed|ure)?[^a-z]{1,3}(notice|deliver|mail|message|to|status)|(mail|message|e-?mail)[^a-z]{1,3}(system |delivery |could |you sent )?(error|fail|bounce|undeliver|could|not|returned|rejected)|(returned|rejected) (mail|message|to sender)|could not (be )?(send|sent|deliver)|\bNDN\b|unzustellbar|zustell(ung|fehler)|non remis|échec|no (se )?(pudo|entregado)|devuelto|mancata consegna|não entregue|配信(不能|エラー)|送信(エラー|できません)|недостав|не доставлен|退信|반송/i
/** How known software begins. */
const OPENINGS =
  /error: invalid user address|this is the (qmail-send program|postfix program|mail system at host|dragonfly mail agent|machine generated message from)|message (was )?created automatically by (the )?(mail delivery software|smtp relay|mail system)|(your message|the following message)[\s\S]{0,600}(did not reach|could not be delivered|was not delivered|cannot be delivered|undeliverable)|delivery to the following recipients? (has been delayed|failed)|the following address(es)? had (permanent|delivery|transient)|(sorry|unfortunately),? (we were )?unable to deliver your message|(message|mail) (delivery )?(wasn.t|was not|could not be) delivered|address(es)? failed:|returned unsent|each of the following recipients was rejected|unable to deliver (the )?message|could not be delivered to|undeliverable (to|message|mail)|unknown user:|error (occurred )?(while )?(trying to )?deliver|delivery (failed|failure|has failed)|there was an error (delivering|sending)|(had )?trouble delivering your|письмо не может быть доставлено|не удалось доставить|送信できませんでした|未能送达|退回/i
const DELAYED =
  /\bhas been delayed\b|warning message only|delivery (is |was )?(temporarily )?delayed|still being (retried|delivered)|will (be retried|keep trying|continue to try|retry)|do not need to resend|no action is required on your part|will try again|not yet been (delivered|possible)|отложена/i
const GIVEN_UP =
  /fail(ed)? permanently|permanent(ly)? (error|fail|fatal)|giving up|given up|will not (be )?(retri|try)|not going to try again/i

/** Null when no machine says here that a message was not delivered. */
export function readTextBounce(mail: Mail): readonly Claim[] | null {
  const text = reportText(mail.text)
  if (!isBounce(mail, text)) return null
  if (DELAYED.test(text) && !GIVEN_UP.test(text)) return [{ kind: 'nothing', why: 'delayed' }]
  const recipients = recipientsOf(mail, text)
  if (recipients.length === 0)
    return [readBounced({ status: null, said: text, around: text, recipient: null })]
  return recipients.map((recipient) =>
    readBounced({
      status: null,
      said: explains(text, recipient) ?? text,
      around: recipients.length === 1 ? text : linesAbout(text, recipient),
      recipient,
    }),
  )
}

/**
 * What the text says of a recipient: its section, else the lines that name it, else all of it; null where nothing tells why.
 */
export function explains(whole: string, recipient: string | null): string | null {
  const text = reportText(whole)
  const sections = readSections(text)
  const about =
    recipient === null ? [] : [saidOf(sections, recipient), linesAbout(text, recipient)].filter(isTelling)
  return about[0] ?? (sections.length <= 1 && isTelling(text) ? text : lastSaid(sections))
}

function saidOf(sections: ReturnType<typeof readSections>, recipient: string): string {
  const wanted = recipient.toLowerCase()
  return sections.find((section) => section.recipient.toLowerCase() === wanted)?.said ?? ''
}

/** Several recipients and one reason stand one below the other. */
function lastSaid(sections: ReturnType<typeof readSections>): string | null {
  const said = sections.at(-1)?.said ?? ''
  return isTelling(said) ? said : null
}

function isBounce({ fields, subject }: Mail, text: string): boolean {
  if (fields.has('x-failed-recipients')) return true
  const isMachine = MACHINE.test(fieldOf(fields, 'from')) || /^<\s*>$/.test(fieldOf(fields, 'return-path'))
  const opens = OPENINGS.test(text.slice(0, 2_000))
  const isAbout = FAILED_SUBJECT.test(subject)
  return isMachine ? opens || isAbout : opens && isAbout && !/^\s*(re|aw|sv|antw|fwd?|wg)\s*:/i.test(subject)
}

function recipientsOf({ fields }: Mail, text: string): readonly string[] {
  const listed = (fields.get('x-failed-recipients') ?? [])
    .flatMap((value) => value.split(','))
    .map((address) => address.trim().replace(/^<|>$/g, ''))
    .filter((address) => /^[^\s@]{1,200}@[^\s@]{1,255}$/.test(address))
  if (listed.length > 0) return listed.slice(0, MAX_RECIPIENTS)
  const sections = readSections(text).map(({ recipient }) => recipient)
  if (sections.length > 0) return sections
  const named = namedRecipient(text)
  return named === null ? [] : [named]
}
