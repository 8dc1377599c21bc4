import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

// The layering of src, as rules:
//   lib/format      imports backend types only
//   lib/backend     wails.ts alone knows Wails
//   lib/state       knows backend and format, no component
//   components/shared knows no domain; account may use session; session,
//                   settings, preferences and programs use shared only, preferences programs too, day and history session too;
//                   views put them together
const wails = { group: ['**/wailsjs/**', '**/backend/wails'], message: 'Only lib/backend/wails.ts talks to Wails; main.ts picks it.' }
const layer = (files, groups, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [wails, ...(groups.length ? [{ group: groups, message }] : [])] }],
  },
})

export default ts.config(
  { ignores: ['dist/', 'wailsjs/', 'screenshots/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  {
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': ['error', { allowTransitions: false }],
      'svelte/prefer-svelte-reactivity': 'off',
      'no-eval': 'error',
      'no-undef': 'off', // TypeScript checks it
      'max-lines': ['error', { max: 300 }],
    },
  },
  // Places on a time axis come from data. Svelte sets them through the style
  // object, which the Content-Security-Policy allows.
  { files: ['src/components/day/**'], rules: { 'svelte/no-inline-styles': 'off' } },
  { files: ['src/lib/testing/**', 'src/**/*.test.ts'], rules: { 'max-lines': 'off' } },
  layer(['src/**/*.{ts,svelte}'], [], ''),
  layer(['src/lib/format/**'], ['**/components/**', '**/views/**', '**/state/**'], 'lib/format is pure.'),
  layer(['src/lib/state/**'], ['**/components/**', '**/views/**'], 'State knows no component.'),
  layer(['src/components/shared/**'], ['**/lib/backend/**', '**/lib/state/**', '**/components/account/**', '**/components/session/**', '**/components/settings/**', '../account/**', '../session/**', '../settings/**', '**/views/**'], 'components/shared knows no domain.'),
  layer(['src/components/session/**'], ['../account/**', '../settings/**', '**/views/**'], 'session uses shared components only.'),
  layer(['src/components/{settings,preferences,programs}/**'], ['../account/**', '../session/**', '**/views/**'], 'settings, preferences and programs use shared components only.'),
  layer(['src/components/{day,history}/**'], ['../account/**', '../settings/**', '**/views/**'], 'day and history use session and shared components only.'),
  layer(['src/components/account/**'], ['../settings/**', '**/views/**'], 'account uses session and shared components only.'),
  { files: ['src/main.ts', 'src/lib/backend/wails.ts', 'src/lib/backend/wails.test.ts'], rules: { 'no-restricted-imports': 'off' } },
)
