import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// Two pages from one source: the app's (dist, embedded into the program) and
// the stories' (node_modules/.stories, never shipped). public/.gitkeep puts
// dist/.gitkeep back after each build, which the Go embed needs on a clone.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // Browser builds of Svelte in tests too; without it Vitest takes the server's.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    target: 'safari17.5', // the first with light-dark()
    outDir: mode === 'stories' ? 'node_modules/.stories' : 'dist',
    // A data: URL for a font would break the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: mode === 'stories' ? 'stories.html' : 'index.html' },
  },
  test: {
    testTimeout: 60_000, // a loaded machine is no failure
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/lib/testing/setup.ts'],
    restoreMocks: true,
    env: { DEBUG_PRINT_LIMIT: '0' }, // a failing look-up needn't print the page
  },
}))
