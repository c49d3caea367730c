/**
 * What a 4yz or 5yz reply means, as a table read from the top. The basic code decides between temporary and for good;
 * the enhanced code (RFC 3463) and the words decide whose fault it is. Words that speak of us, of limits or of a full
 * mailbox come before a code that would blame the address: an address given up by mistake hurts more than a try.
 */

export const REFUSED_BY_POLICY = 'refused by policy'
export const POLICY_FOR_NOW = 'refused by policy for now'
export const CONTENT_REFUSED = 'content refused'
export const EXPIRED = 'expired'
export const MAILBOX_IS_FULL = 'mailbox full'
export const SLOWED_DOWN = 'slowed down by the receiver'

/** What a refusal comes to; reasons are few and stable, because reports count by them. */
export type Meaning =
  | { readonly kind: 'bounced' }
  | { readonly kind: 'deferred' | 'failed'; readonly reason: string }

export interface Refusal {
  readonly code: number
  /** The whole reply in one line, the code first. */
  readonly text: string
  /** Null where a report does not say it. */
  readonly command: 'MAIL' | 'RCPT' | 'DATA' | null
}

interface Rule {
  readonly code: RegExp
  /** Any, when not given. Not at RCPT: at DATA, or where it is not known. */
  readonly command?: 'RCPT' | 'DATA' | 'not RCPT'
  /** Against `5.1.1`, or '' where the reply has none. Any, when not given. */
  readonly enhanced?: RegExp
  /** Against the words without addresses. Any, when not given. */
  readonly says?: RegExp
  readonly means: Meaning
}

const BOUNCED = { kind: 'bounced' } as const
const deferred = (reason: string) => ({ kind: 'deferred', reason }) as const
const failed = (reason: string) => ({ kind: 'failed', reason }) as const

const MAILBOX_FULL = deferred(MAILBOX_IS_FULL)
const SLOWED = deferred(SLOWED_DOWN)
const GREYLISTED = deferred('greylisted')
const NOT_NOW_BY_POLICY = deferred(POLICY_FOR_NOW)
const LOST = deferred('connection lost')
const NOT_REACHED = deferred('receiver not reached')
const TROUBLE = deferred('receiver has trouble')
const POLICY = failed(REFUSED_BY_POLICY)
const CONTENT = failed(CONTENT_REFUSED)
const REFUSED = failed('refused')

/** We are asked to send less, or later. Not "unusual rate of unsolicited mail": that is a verdict on us. */
const LIMIT =
  /too (quickly|fast|many (concurrent |bad |simultaneous )?(message|mail|e-?mail|connection|session|recipient|error|login|auth|request|attempt))|at a rate that|rate[ -]?limit|throttl|slow(ing)? down|(sending|hourly|daily|message|connection) (rate|quota|limit)|quota for sending|concurren/i
const BUSY = /tss0?4\b|temporarily deferred|unexpected volume|unusual rate|server (is )?(too )?busy/i
const FULL =
  /over ?quota|quota[^.;]{0,20}exceed|exceed[^.;]{0,40}(quota|storage|mailbox)|(mailbox|inbox|account) (is )?(currently )?(over)?full|(mailbox|disk)[^.;]{0,20} (size|storage|space) (limit|exceed)|out of (storage|space)|not enough (disk |storage )?space/i
const GREY = /gr[ae]y-? ?list|postgrey/i
const AGAIN = /(try|retry|come back)[^.;]{0,20}(again|later)|try again|please retry/i
/** Our sender address, not the recipient's. */
const OUR_SENDER =
  /sender('s)? (address |domain |id |e-?mail )?(was |is )?(rejected|refused|denied|failed|unknown|invalid|blocked|not |verif|callout|callback|policy)|(bad|invalid|unknown|unverified) (outbound )?sender|verify(ing)? (the )?sender|domain of (the )?sender|envelope.from|return.path/i
/** Who we are is not proven, or somebody keeps us on a list. */
const UNPROVEN =
  /\b(spf|dkim|dmarc)\b|(un|not )authenticated|authentication|ptr record|reverse (dns|host)|\brdns\b|(no|valid) ptr|bad dns/i
const LISTED = /spamhaus|spamcop|\bsorbs\b|\b(dns|r)bls?\b|(block|black|deny)[ -]?list|reputation/i
const FORBIDDEN =
  /polic(y|ies)|blocked|banned|relay(ing)? (access |is )?(denied|not|prohibited)|unable to relay|not (permitted|allowed|authori[sz]ed)|access denied|administrative|prohibited|unsolicited|white ?list|client host rejected|helo command rejected/i
const BAD_CONTENT =
  /(message|mail|content)[^.;]{0,40}(spam|virus|malware|phish)|(spam|virus|malware|phishing)[^.;]{0,30}(message|mail|content|detected|found)|attachment|content (presents|rejected|refused|not accepted)|probability of spam|rejected as spam/i
const TOO_LARGE =
  /(message|mail|size)[^.;]{0,30}(too (large|big|long)|exceeds?[^.;]{0,40}(size|limit|maximum))|size limit/i
const GONE =
  /no such (user|recipient|mailbox|address|account|person|local)|nosuchuser|recipientnotfound|(user|recipient|mailbox|account|address|addressee)( is| was| has been)? (unknown|not (found|known|here|a valid)|invalid|inactive|no longer|disabled|terminated|suspended|does not exist|doesn.?t exist)|(user|recipient|mailbox|account|address)[^.;:]{0,60}(does not|doesn.?t) (exist|have an? )|unknown (user|recipient|mailbox|account|address|local)|invalid (recipient|mailbox|user|address)|no (mailbox|user|account) (here|by that|with that)|not a valid (mailbox|recipient|user)|not our customer|(user|recipient( name)?|(?<!\b(ip|client|host|your|sender|from) )address)[^.;:]{0,20} not (exist|listed|recogni[sz]ed)|address (couldn.?t|could not) be found|unknown or illegal (user|alias)|not listed in [^.;]{0,30}(address book|directory)/i
/** The words of RFC 5321 for 550: most of those who say no more mean this. */
const NOBODY = /mailbox unavailable/i
/** Exim's for an unknown local part or domain. */
const NO_ROUTE = /unrout[ei]?able address/i
/**
 * Whoever knows his users says so at RCPT. Said of the message, or who knows of what, and without a code, it may as well be
 * a filter of the user's: Japanese carriers do so.
 */
const FILTERED =
  /unknown user|user unknown|no such user|(account|mailbox|user) (is |was |has been )?(disabled|suspended|inactive)/i
/** … the same where nobody is named, or under a code that speaks of the mailbox or the system, not of the address. */
const NAMELESS = /^\d{3} (\d\.\d{1,3}\.\d{1,3} )?: user unknown|-> \d{3} : user unknown/i
/** All that some say at RCPT. What others put behind it tells more. */
const NO_MORE_SAID = /recipient address rejected\.?( \(in reply[^)]*\))?$/i
/** The recipient's domain is not there; not what we call ourselves. */
const NO_HOST =
  /^(?!.*\b(helo|ehlo|client|sender|your (host|server|ip))\b).*?(?:(host|domain)( or domain)?( name)? (is )?(not found(?!,? try again)|unknown|does not exist|doesn.?t exist|couldn.?t be found|could not be found)|(unknown|illegal) host|(nonexistent|no such) (mail )?(host|domain)|(couldn.?t|could not|cannot) find (any|a) (host|mail exchanger|domain)|no (mx|mail exchanger)( record)?s? (was |were )?found)/i
/** Said without a code, by those who write in another language. */
const GONE_ABROAD =
  /(宛先|送信先|ユーザ|アドレス|メールアドレス)[^。]{0,40}(見つかりません|みつかりません|存在しません|不明)|(リスト|ディレクトリ)[^。]{0,20}(ありません|見つかりません)|用户不存在|收件人[^。]{0,10}(不存在|无效)|(получател|пользовател|адресат|ящик)[^.]{0,40}не (существует|найден)|(empfänger|postfach|benutzer|adresse)[^.]{0,40}(unbekannt|existiert nicht|nicht gefunden)|(destinataire|utilisateur|adresse)[^.]{0,40}(inconnue?|n.existe pas)|(usuario|destinatario|buz[oó]n|cuenta)[^.]{0,40}(desconocid|no existe)|(utente|casella|destinatario)[^.]{0,40}(sconosciut|inesistente|non esiste)/i

/** No enhanced code, or one that says nothing. */
const UNSAID = /^$|^5\.0\.0$/
/** Codes so general that the words count. */
const VAGUE = /^$|^[45]\.(0\.0|1\.0|1\.1|2\.0|3\.0|5\.0)$/

const RULES: readonly Rule[] = [
  // Temporary. It may still be our fault, but then a person has until the schedule's end to mend it.
  { code: /^4/, says: GREY, means: GREYLISTED },
  { code: /^4/, says: OUR_SENDER, means: NOT_NOW_BY_POLICY },
  { code: /^4/, says: UNPROVEN, means: NOT_NOW_BY_POLICY },
  { code: /^4/, says: LISTED, enhanced: /^$|\.[17]\.\d+$/, means: NOT_NOW_BY_POLICY },
  { code: /^4/, enhanced: /\.7\.(28|500|6\d\d)$/, means: SLOWED },
  { code: /^4/, says: LIMIT, means: SLOWED },
  { code: /^4/, says: BUSY, means: SLOWED },
  { code: /^4/, enhanced: /\.2\.2$/, means: MAILBOX_FULL },
  { code: /^4/, says: FULL, means: MAILBOX_FULL },
  { code: /^4/, says: FORBIDDEN, enhanced: /^$|\.7\.\d+$/, means: NOT_NOW_BY_POLICY },
  { code: /^421/, enhanced: /\.7\.\d+$/, means: SLOWED },
  { code: /^4/, enhanced: /^$/, says: /local (error|problem)|internal|insufficient system/i, means: TROUBLE },
  { code: /^45[01]/, enhanced: /^$|\.7\.[01]$|\.2\.0$/, says: AGAIN, means: GREYLISTED },
  { code: /^4/, enhanced: /\.1\.[78]$/, means: NOT_NOW_BY_POLICY },
  { code: /^4/, enhanced: /\.4\.2$/, means: LOST },
  { code: /^421/, says: /time(d )?-? ?out|connection (lost|dropped|reset|timed)/i, means: LOST },
  { code: /^4/, enhanced: /\.4\.\d+$/, means: NOT_REACHED },
  { code: /^4/, enhanced: /\.3\.\d+$/, means: TROUBLE },
  { code: /^421/, means: TROUBLE },
  { code: /^4/, means: deferred('not accepted for now') },

  // For good. Sendmail gives it the code of a sender without a mail host (RFC 7505), but means the recipient's.
  { code: /^5/, says: /\bhost does not accept mail/i, means: BOUNCED },
  // About us:
  { code: /^5/, enhanced: /\.1\.[78]$/, means: POLICY },
  { code: /^5/, says: OUR_SENDER, means: POLICY },
  { code: /^5/, says: UNPROVEN, means: POLICY },
  { code: /^5/, says: LISTED, means: POLICY },
  // Waiting or a tidier mailbox helps, whatever the code says:
  { code: /^5/, says: LIMIT, means: SLOWED },
  { code: /^5/, enhanced: /\.2\.2$/, means: MAILBOX_FULL },
  { code: /^5/, says: FULL, means: MAILBOX_FULL },
  // About the message:
  { code: /^5/, enhanced: /\.6\.7$/, means: failed('needs SMTPUTF8') },
  { code: /^5/, enhanced: /\.6\.\d+$|\.2\.3$|\.3\.4$/, means: CONTENT },
  { code: /^5/, enhanced: /^$|\.[037]\.\d+$/, says: BAD_CONTENT, command: 'not RCPT', means: CONTENT },
  { code: /^5/, enhanced: /\.7\.\d+$/, means: POLICY },
  { code: /^5/, enhanced: VAGUE, says: TOO_LARGE, means: CONTENT },
  { code: /^55/, enhanced: /^$|^5\.(0\.0|1\.351)$/, says: NAMELESS, means: REFUSED },
  { code: /^55/, enhanced: /^5\.[23]\.0$/, says: FILTERED, means: REFUSED },
  // About the recipient:
  { code: /^5/, enhanced: /^5\.(1\.(1|2|3|6|10|351)|2\.1)$/, means: BOUNCED },
  { code: /^5/, enhanced: /^5\.4\.1$/, says: /recipient address(es)? rejected/i, means: BOUNCED },
  { code: /^556/, enhanced: UNSAID, command: 'RCPT', means: BOUNCED },
  { code: /^5/, enhanced: VAGUE, says: FORBIDDEN, means: POLICY },
  { code: /^55/, enhanced: /^$|^5\.([023]\.0)$/, says: FILTERED, command: 'not RCPT', means: REFUSED },
  { code: /^55/, enhanced: VAGUE, says: GONE, means: BOUNCED },
  { code: /^55/, enhanced: /^$|^5\.(0\.0|4\.4|1\.2)$/, says: NO_HOST, means: BOUNCED },
  { code: /^55/, enhanced: VAGUE, says: GONE_ABROAD, means: BOUNCED },
  { code: /^55[013]/, enhanced: VAGUE, says: NOBODY, command: 'RCPT', means: BOUNCED },
  { code: /^55[01]/, enhanced: UNSAID, says: NO_MORE_SAID, command: 'RCPT', means: BOUNCED },
  { code: /^55[013]/, enhanced: VAGUE, says: NO_ROUTE, means: BOUNCED },
  // The rest:
  { code: /^552/, enhanced: UNSAID, command: 'RCPT', means: MAILBOX_FULL },
  { code: /^552/, enhanced: UNSAID, means: CONTENT },
  { code: /^5/, enhanced: /\.4\.7$/, means: failed(EXPIRED) },
  { code: /^5/, enhanced: /\.4\.\d+$/, means: NOT_REACHED },
  { code: /^5/, enhanced: /\.3\.[12]$/, means: TROUBLE },
  { code: /^5/, enhanced: /\.5\.[1-9]\d*$/, means: deferred('protocol trouble') },
  { code: /^50/, enhanced: UNSAID, means: deferred('protocol trouble') },
  { code: /^5/, enhanced: UNSAID, means: deferred('refused without a reason') },
  { code: /^5/, enhanced: /^4\./, means: deferred('refused without a reason') },
  { code: /^5/, means: REFUSED },
]

/** The first rule that fits; null for a code that is neither 4yz nor 5yz. */
export function readRefusal({ code, text, command }: Refusal): Meaning | null {
  const enhanced = enhancedCode(text)
  const words = withoutAddresses(text)
  const rule = RULES.find(
    (rule) =>
      rule.code.test(String(code)) &&
      fitsCommand(rule, command) &&
      (rule.enhanced === undefined || rule.enhanced.test(enhanced)) &&
      (rule.says === undefined || rule.says.test(words)),
  )
  return rule?.means ?? null
}

function fitsCommand({ command: wanted }: Rule, command: Refusal['command']): boolean {
  if (wanted === undefined) return true
  return wanted === 'not RCPT' ? command !== 'RCPT' : wanted === command
}

/** Whether words alone, without a code, say whose fault it is. */
export function saysWhy(text: string): boolean {
  const words = withoutAddresses(text)
  return RULES.some(({ says }) => says?.test(words))
}

/** Is a refusal that says so to MAIL about how much we send, not about who we are? */
export function isLimit(text: string): boolean {
  return LIMIT.test(withoutAddresses(text))
}

/** Behind the basic code (RFC 2034), or as qmail writes it: `(#5.1.1)`. '' where there is none. */
function enhancedCode(text: string): string {
  return (
    /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ??
    /\(#(\d\.\d{1,3}\.\d{1,3})\)/.exec(text)?.[1] ??
    ''
  )
}

/** A local part may hold any word, and nobody's address belongs in a log or a Send's reason. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>()[\]:;,"]{1,64}@[^\s<>()[\]:;,"]+/g, '…')
}
