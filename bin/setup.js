#!/usr/bin/env node
/**
 * Makes a fresh machine ready: npm packages, a Redis or Valkey server, the build. Plain JavaScript with Node's own
 * modules only. Quiet and quick when there is nothing to do.
 *
 *   node bin/setup.js         everything
 *   node bin/setup.js build   packages and the build, no Redis
 *   node bin/setup.js bench   everything, and what the bench needs: Postfix's smtp-sink, Postgres, wrk
 */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const packagesStamp = path.join(root, 'node_modules', '.pressrun-packages')
/** What a build depends on besides the sources. */
const CONFIGURATION = ['tsconfig.json', 'src/web/studio/client/tsconfig.json', 'package-lock.json']
const buildStamp = path.join(root, 'dist', '.pressrun-build')

requireNode()
installPackages()
build()
if (process.argv[2] !== 'build') findRedis()
if (process.argv[2] === 'bench') {
  findBenchPrograms()
  tsc('bench/tsconfig.json')
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Pressrun needs Node 20.19 or newer; this is ${process.versions.node}`)
}

/** `npm ci` when node_modules is missing or was made from another lock file, Node version or platform. */
function installPackages() {
  const wanted = hash([
    readFileSync(path.join(root, 'package-lock.json')),
    process.versions.modules,
    process.platform,
  ])
  if (existsSync(packagesStamp) && readFileSync(packagesStamp, 'utf8') === wanted) return
  const modules = path.join(root, 'node_modules')
  // `npm ci` would follow the link and empty a folder that others use.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(
      `${modules} is a link, and its packages are not those of package-lock.json; run npm ci where it leads`,
    )
  say('installing npm packages')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(packagesStamp, wanted)
}

/** `tsc` when a source is newer than the last build or the set of sources has changed. */
function build() {
  const sources = ['src', 'workers'].flatMap((folder) => filesUnder(path.join(root, folder)))
  const inputs = [...sources, ...CONFIGURATION.map((file) => path.join(root, file))]
  const wanted = hash(inputs.map((file) => `${path.relative(root, file)} ${hash([readFileSync(file)])}`))
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === wanted) return
  say('building')
  rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  tsc('tsconfig.json')
  tsc('src/web/studio/client/tsconfig.json')
  // npx makes it a program when it links the clone for the first time, and never again.
  chmodSync(path.join(root, 'dist', 'src', 'cli.js'), 0o755)
  mkdirSync(path.dirname(buildStamp), { recursive: true })
  writeFileSync(buildStamp, wanted)
}

function tsc(project) {
  run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project])
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && statSync(file).isFile())
    .sort()
}

/** A server of our own is started by the engine; the machine only has to have the program. */
function findRedis() {
  if (process.env.REDIS_URL || onPath('redis-server') || onPath('valkey-server')) return
  const installer = redisInstaller()
  if (installer === null)
    fail(
      'neither redis-server nor valkey-server was found. Install one (Debian, Ubuntu: sudo apt-get install ' +
        'redis-server; Fedora: sudo dnf install valkey; Alpine: sudo apk add redis; macOS: brew install redis), ' +
        'or set REDIS_URL to a server you have',
    )
  say(`installing ${installer.what} (as a program; its system service is left off)`)
  for (const [command, ...args] of installer.commands) run(command, args, installer.env)
  if (!onPath('redis-server') && !onPath('valkey-server'))
    fail(`${installer.what} was installed but is not on the PATH`)
}

/** Programs only, each run starts its own; Debian keeps them beside the PATH. */
function findBenchPrograms() {
  const debianPostgres = '/usr/lib/postgresql'
  const versions = existsSync(debianPostgres) ? readdirSync(debianPostgres) : []
  const hasPostgres = versions.some((version) =>
    existsSync(path.join(debianPostgres, version, 'bin', 'initdb')),
  )
  const missing = [
    ...(existsSync('/usr/sbin/smtp-sink') || onPath('smtp-sink') ? [] : ['postfix']),
    ...(hasPostgres || onPath('initdb') ? [] : ['postgresql']),
    ...(onPath('wrk') ? [] : ['wrk']),
  ]
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !onPath('apt-get'))
    fail(
      `the bench needs ${missing.join(' and ')}; install them (Debian: sudo apt-get install ${missing.join(' ')})`,
    )
  say(`installing ${missing.join(' and ')} (as programs; no service is started)`)
  const { commands, env } = aptInstaller(missing)
  for (const [command, ...args] of commands) run(command, args, env)
}

function redisInstaller() {
  const isRoot = process.getuid?.() === 0
  if (isRoot && onPath('apt-get')) return aptInstaller(['redis-server'])
  if (isRoot && onPath('dnf')) return { what: 'valkey', commands: [['dnf', 'install', '-y', 'valkey']] }
  if (isRoot && onPath('apk')) return { what: 'redis', commands: [['apk', 'add', 'redis']] }
  if (!isRoot && onPath('brew')) return { what: 'redis', commands: [['brew', 'install', 'redis']] }
  return null
}

/** A package's own script would start a system service; a policy that says no (101) keeps it off. */
function aptInstaller(packages) {
  const policy = '/usr/sbin/policy-rc.d'
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const ours = !existsSync(policy)
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
    process.on('exit', () => rmSync(policy, { force: true }))
  }
  return {
    what: packages.join(' and '),
    env,
    commands: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages],
    ],
  }
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program)))
}

function run(command, args, env = {}) {
  // Everything a child says goes to stderr: stdout belongs to the command that comes after.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  })
  if (error) fail(`${command}: ${error.message}`)
  if (status !== 0) fail(`${command} ${args.join(' ')} ended with ${status}`)
}

function hash(parts) {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part).update('\0')
  return digest.digest('hex')
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

function fail(text) {
  process.stderr.write(`setup: ${text}\n`)
  process.exit(1)
}
