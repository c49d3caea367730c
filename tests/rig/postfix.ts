/**
 * A Postfix of its own: configuration, queue, data and maildir in a folder of the test's, loopback only, STARTTLS with
 * a certificate made for it, SASL login from a password file. It delivers into the maildir and nowhere else. Debian's
 * packages are postfix, sasl2-bin and openssl; its daemons want to be started by root.
 */

import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ownerOf, readIfThere, startDaemon } from './daemon.js'
import { freePort } from './free-port.js'

const DAEMONS = '/usr/lib/postfix/sbin'
const SASLPASSWD = '/usr/sbin/saslpasswd2'
const HOST = 'localhost'
/** What `postfix check` would make; `public` and `maildrop` are open to the group of Postfix's own programs. */
const QUEUES = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'saved',
  'trace',
]

export interface PostfixLogin {
  readonly user: string
  readonly password: string
}

export interface Postfix {
  /** With user and password, STARTTLS required. */
  readonly url: string
  readonly port: number
  /** The certificate's authority, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string
  /** Every message in the maildir, as Postfix wrote it: LF line ends, its own fields on top. */
  readonly delivered: () => readonly Buffer[]
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** Why it cannot run on this machine, as a sentence; null when it can. */
export function postfixAilment(): string | null {
  if (process.getuid?.() !== 0) return "Postfix's daemons want to be started by root"
  const missing = [
    ...(existsSync(path.join(DAEMONS, 'master')) ? [] : ['postfix']),
    ...(existsSync(SASLPASSWD) ? [] : ['sasl2-bin']),
  ]
  return missing.length === 0 ? null : `the packages ${missing.join(' and ')} are not installed`
}

export interface PostfixBounces {
  /** Whoever it delivers to; it accepts mail to all others too, and sends it back. */
  readonly known: readonly string[]
  /** What is addressed to that domain goes to that port of this machine. */
  readonly returns: { readonly domain: string; readonly port: number }
}

/** `bounces` null: it delivers everything. */
export async function startPostfix(
  { user, password }: PostfixLogin,
  bounces: PostfixBounces | null = null,
): Promise<Postfix> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-postfix-'))
  chmodSync(folder, 0o755)
  const owner = { ...ownerOf('postfix'), drop: groupId('postdrop') }
  const port = await freePort()
  makeFolders(folder, owner)
  const caFile = makeCertificate(folder)
  makeLogin(folder, { user, password, gid: owner.gid })
  const etc = path.join(folder, 'etc')
  writeFileSync(path.join(etc, 'main.cf'), cfOf({ ...mainCf(folder, owner), ...bounceCf(folder, bounces) }))
  writeFileSync(path.join(etc, 'master.cf'), masterCf(port))
  const log = () => readIfThere(path.join(folder, 'log', 'mail.log'))
  const master = await startDaemon({
    program: path.join(DAEMONS, 'master'),
    args: ['-c', etc, '-s'],
    port,
    greeting: '220',
    isDetached: true,
    log,
  })
  const maildir = path.join(folder, 'mail', 'all', 'new')
  return {
    url: `smtp://${user}:${encodeURIComponent(password)}@${HOST}:${port}/?requireTLS=true`,
    port,
    caFile,
    delivered: () =>
      existsSync(maildir) ? readdirSync(maildir).map((name) => readFileSync(path.join(maildir, name))) : [],
    log,
    async stop() {
      await master.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Owner {
  readonly uid: number
  readonly gid: number
  /** Group of the programs that drop mail into the queue. */
  readonly drop: number
}

function makeFolders(folder: string, { uid, gid, drop }: Owner): void {
  const make = (name: string, mode: number, user: number, group: number) => {
    const made = path.join(folder, name)
    mkdirSync(made, { recursive: true })
    chownSync(made, user, group)
    chmodSync(made, mode)
  }
  make('etc', 0o755, 0, 0)
  make('queue', 0o755, 0, 0)
  make('queue/pid', 0o755, 0, 0)
  for (const name of QUEUES) make(`queue/${name}`, 0o700, uid, gid)
  make('queue/private', 0o700, uid, gid)
  make('queue/public', 0o710, uid, drop)
  make('queue/maildrop', 0o730, uid, drop)
  make('data', 0o700, uid, gid)
  make('log', 0o755, 0, 0)
  make('sasl', 0o755, 0, 0)
  make('mail', 0o755, uid, gid)
}

/** An authority and a certificate by it: a client that trusts the one checks the other and its host name. */
function makeCertificate(folder: string): string {
  const at = (name: string) => path.join(folder, 'etc', name)
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout']
  openssl('req', '-x509', ...newKey, at('ca.key'), '-out', at('ca.crt'), '-days', '2', '-subj', '/CN=test CA')
  openssl('req', ...newKey, at('tls.key'), '-out', at('tls.csr'), '-subj', `/CN=${HOST}`)
  writeFileSync(at('tls.ext'), `subjectAltName=DNS:${HOST}\nbasicConstraints=CA:FALSE\n`)
  const signing = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('tls.ext')]
  openssl('x509', '-req', '-in', at('tls.csr'), ...signing, '-out', at('tls.crt'), '-days', '2')
  return at('ca.crt')
}

/** A Cyrus SASL password file, which smtpd reads by itself: no daemon besides. */
function makeLogin(folder: string, { user, password, gid }: PostfixLogin & { readonly gid: number }): void {
  const file = path.join(folder, 'sasl', 'sasldb2')
  execFileSync(SASLPASSWD, ['-p', '-c', '-f', file, '-u', HOST, user], { input: password })
  chownSync(file, 0, gid)
  chmodSync(file, 0o640)
  writeFileSync(
    path.join(folder, 'sasl', 'smtpd.conf'),
    [
      'pwcheck_method: auxprop',
      'auxprop_plugin: sasldb',
      `sasldb_path: ${file}`,
      'mech_list: PLAIN LOGIN',
      '',
    ].join('\n'),
  )
}

function mainCf(folder: string, { uid, gid }: Owner): Readonly<Record<string, string>> {
  return {
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    daemon_directory: DAEMONS,
    command_directory: '/usr/sbin',
    maillog_file: `${folder}/log/mail.log`,
    maillog_file_prefixes: folder,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: HOST,
    mydestination: '',
    alias_maps: '',
    // Whatever is accepted goes into one maildir; anything that would leave the machine is an error.
    virtual_mailbox_domains: 'example.org',
    virtual_mailbox_base: `${folder}/mail`,
    virtual_mailbox_maps: 'static:all/',
    virtual_mailbox_limit: '0',
    virtual_minimum_uid: '1',
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    default_transport: 'error:this one delivers nowhere else',
    relay_transport: 'error:this one delivers nowhere else',
    local_transport: 'error:this one delivers nowhere else',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_tls_security_level: 'encrypt',
    smtpd_tls_cert_file: `${folder}/etc/tls.crt`,
    smtpd_tls_key_file: `${folder}/etc/tls.key`,
    smtpd_tls_auth_only: 'yes',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_local_domain: HOST,
    cyrus_sasl_config_path: `${folder}/sasl`,
  }
}

/** Recipients are looked up at delivery, not at RCPT, so that what is unknown comes back as a report. */
function bounceCf(folder: string, bounces: PostfixBounces | null): Readonly<Record<string, string>> {
  if (bounces === null) return {}
  const { known, returns } = bounces
  const file = (name: string, lines: readonly string[]) => {
    const at = path.join(folder, 'etc', name)
    writeFileSync(at, lines.map((line) => `${line}\n`).join(''))
    return `texthash:${at}`
  }
  return {
    virtual_mailbox_maps: file(
      'known',
      known.map((address) => `${address} all/`),
    ),
    smtpd_reject_unlisted_recipient: 'no',
    transport_maps: file('transport', [`${returns.domain} smtp:[127.0.0.1]:${returns.port}`]),
    smtp_dns_support_level: 'disabled',
    smtp_host_lookup: 'native',
    smtp_tls_security_level: 'none',
  }
}

function cfOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
}

function masterCf(port: number): string {
  return [
    `127.0.0.1:${port} inet n - n - 100 smtpd`,
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'virtual unix - n n - - virtual',
    'smtp unix - - n - - smtp',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
    '',
  ].join('\n')
}

function groupId(name: string): number {
  return Number(execFileSync('getent', ['group', name], { encoding: 'utf8' }).split(':')[2])
}
