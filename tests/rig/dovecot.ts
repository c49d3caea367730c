/**
 * A Dovecot of its own: configuration, mail and sockets in a folder of the test's, loopback only, IMAP and POP3 with and without
 * TLS by a certificate made for it, one user. Debian's packages are dovecot-imapd, dovecot-pop3d and openssl; its master wants to be
 * started by root.
 */

import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ownerOf, readIfThere, startDaemon } from './daemon.js'
import { freePort } from './free-port.js'

const DOVECOT = '/usr/sbin/dovecot'
const MODULES = '/usr/lib/dovecot'

export interface Dovecot {
  readonly ports: {
    readonly imap: number
    readonly imaps: number
    readonly pop3: number
    readonly pop3s: number
  }
  /** The certificate, which is its own authority. */
  readonly caFile: string
  /** Puts a mail into the user's inbox, as delivery does. */
  put(name: string, bytes: Uint8Array | string): void
  /** What lies there, by name, with its flags behind a comma. */
  lying(): readonly string[]
  log(): string
  stop(): Promise<void>
}

/** Why it cannot run on this machine, as a sentence; null when it can. */
export function dovecotAilment(): string | null {
  if (process.getuid?.() !== 0) return 'Dovecot’s master wants to be started by root'
  const missing = ['imap', 'pop3'].filter((name) => !existsSync(path.join(MODULES, name)))
  return missing.length === 0
    ? null
    : `the packages ${missing.map((name) => `dovecot-${name}d`).join(' and ')} are not installed`
}

export async function startDovecot({
  user,
  password,
}: {
  readonly user: string
  readonly password: string
}): Promise<Dovecot> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pressrun-dovecot-'))
  execFileSync('chmod', ['755', folder])
  const box = path.join(folder, 'mail', user)
  for (const part of ['', 'new', 'cur', 'tmp']) mkdirSync(path.join(box, part), { recursive: true })
  const owner = ownerOf('nobody')
  for (const part of ['.', 'new', 'cur', 'tmp']) chownSync(path.join(box, part), owner.uid, owner.gid)
  mkdirSync(path.join(folder, 'run'))
  const caFile = makeCertificate(folder)
  const ports = {
    imap: await freePort(),
    imaps: await freePort(),
    pop3: await freePort(),
    pop3s: await freePort(),
  }
  writeFileSync(path.join(folder, 'dovecot.conf'), conf(folder, { ports, password }))
  const log = () => readIfThere(path.join(folder, 'log'))
  const master = await startDaemon({
    program: DOVECOT,
    args: ['-F', '-c', path.join(folder, 'dovecot.conf')],
    port: ports.pop3,
    greeting: '+OK',
    log,
  })
  return {
    ports,
    caFile,
    put(name, bytes) {
      const made = path.join(box, 'new', name)
      writeFileSync(made, bytes)
      chownSync(made, owner.uid, owner.gid)
    },
    lying: () =>
      ['new', 'cur']
        .flatMap((part) => readdirSync(path.join(box, part)))
        .map(withoutSize)
        .sort(),
    log,
    async stop() {
      await master.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Dovecot writes the size into the name: `1.mx,S=5038:2,S`. */
function withoutSize(name: string): string {
  return name.replace(/,[SW]=\d+/g, '')
}

function makeCertificate(folder: string): string {
  const at = (name: string) => path.join(folder, name)
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', at('tls.key')]
  execFileSync('openssl', ['req', '-x509', ...key, '-out', at('tls.crt'), '-days', '2', ...subject], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return at('tls.crt')
}

function conf(
  folder: string,
  { ports, password }: { readonly ports: Dovecot['ports']; readonly password: string },
): string {
  const listener = (protocol: 'imap' | 'pop3') => `service ${protocol}-login {
  inet_listener ${protocol} {
    port = ${ports[protocol]}
  }
  inet_listener ${protocol}s {
    port = ${ports[`${protocol}s`]}
    ssl = yes
  }
}`
  return `dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = yes
ssl_server_cert_file = ${folder}/tls.crt
ssl_server_key_file = ${folder}/tls.key
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ${folder}/mail/%{user}
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
passdb static {
  password = ${password}
}
userdb static {
  fields {
    uid = nobody
    gid = nogroup
    home = ${folder}/mail/%{user}
  }
}
${listener('imap')}
${listener('pop3')}
`
}
