import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** One project a ring; `tests/README.md` says what each touches and proves. */
function ring(name: string, include: string[], env: Record<string, string> = {}) {
  return {
    root,
    test: { name, include, env, testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: name === 'unit' },
  }
}

export default defineConfig({
  test: {
    projects: [
      ring('unit', ['src/**/*.test.ts', 'workers/**/*.test.ts', 'tests/*.test.ts']),
      ring('integration', ['tests/integration/**/*.test.ts'], { PRESSRUN_TEST_DATABASE: 'sqlite' }),
      ring('integration-postgres', ['tests/integration/**/*.test.ts'], { PRESSRUN_TEST_DATABASE: 'postgres' }),
      ring('e2e', ['tests/e2e/**/*.test.ts'], { PRESSRUN_TEST_DATABASE: 'sqlite' }),
      ring('e2e-postgres', ['tests/e2e/**/*.test.ts'], { PRESSRUN_TEST_DATABASE: 'postgres' }),
      ring('browser', ['tests/browser/**/*.test.ts']),
    ],
  },
})
