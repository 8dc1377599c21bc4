import { mount } from 'svelte'
import { wailsBackend } from './lib/backend/wails'
import { AppState } from './lib/state/app'
import { lastTheme, showTheme } from './lib/state/theme'
import App from './views/App.svelte'
import './styles/tokens.css'
import './styles/base.css'

showTheme(lastTheme())

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app')
mount(App, { target, props: { app: new AppState(wailsBackend()) } })
