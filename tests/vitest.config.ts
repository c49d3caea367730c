import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

type Engine = 'sqlite' | 'postgres'

/**
 * Files at once. Where a ring mostly waits for servers or processes of its own, others use the core meanwhile; each file has
 * its root, ports, Redis and database.
 */
const FILES_AT_ONCE: Readonly<Record<string, number>> = {
  unit: availableParallelism(),
  integration: 2,
  'integration-postgres': 2,
  e2e: 3,
  'e2e-postgres': 3,
  chaos: 3,
  'chaos-postgres': 3,
}

/** One project a ring; `tests/README.md` says what each touches and proves. */
function ring(name: string, include: string[], database: Engine = 'sqlite') {
  const maxWorkers = FILES_AT_ONCE[name] ?? 1
  return {
    root,
    test: {
      name,
      include,
      env: { PRESSRUN_TEST_DATABASE: database },
      // What is pure may be loaded once for many files: that takes longer than the tests.
      isolate: name !== 'unit',
      globalSetup: [
        ...(database === 'postgres' ? ['tests/rig/global-setup.ts'] : []),
        ...(name.startsWith('e2e') ? ['tests/rig/shared-builds.ts'] : []),
      ],
      // Some tests of the command line are twenty processes one after the other, three files of them at once.
      testTimeout: name.startsWith('e2e') ? 300_000 : 120_000,
      hookTimeout: 120_000,
      // Vitest runs rings of one width together, and wants each other width in a group of its own.
      maxWorkers,
      sequence: { groupOrder: maxWorkers },
    },
  }
}

export default defineConfig({
  test: {
    projects: [
      ring('unit', ['src/**/*.test.ts', 'workers/**/*.test.ts', 'bench/*.test.ts', 'tests/*.test.ts']),
      ring('integration', ['tests/integration/**/*.test.ts'], 'sqlite'),
      ring(
        'integration-postgres',
        // What has no database is in `apart/`.
        ['tests/integration/*.test.ts', 'tests/postgres/**/*.test.ts'],
        'postgres',
      ),
      ring('e2e', ['tests/e2e/**/*.test.ts'], 'sqlite'),
      // What only compiles or signs has no database.
      ring('e2e-postgres', ['tests/e2e/!(build|check|dkim|preview).test.ts'], 'postgres'),
      ring('chaos', ['tests/chaos/**/*.test.ts'], 'sqlite'),
      // For a mutated guard and for another receiver the database makes no difference.
      ring('chaos-postgres', ['tests/chaos/!(mutation|sink).test.ts'], 'postgres'),
      ring('nemesis', ['tests/nemesis/**/*.test.ts'], 'sqlite'),
      ring('browser', ['tests/browser/**/*.test.ts']),
      ring('peers', ['tests/peers/**/*.test.ts']),
    ],
  },
})
