import { mount } from 'svelte'
import { mockBackend } from '../lib/backend/mock'
import { AppState } from '../lib/state/app'
import App from '../views/App.svelte'
import StoryIndex from './StoryIndex.svelte'
import { stories } from './stories'
import '../styles/tokens.css'
import '../styles/base.css'

// stories.html?story=ID shows one; without, a list. data-ready on <html> tells
// the screenshots that the story is in its state.
const target = document.getElementById('app')
const id = new URLSearchParams(location.search).get('story')
const chosen = stories.find((s) => s.id === id)
if (!target) throw new Error('stories.html has no #app')

if (chosen) {
  const app = new AppState(mockBackend(chosen.setup))
  mount(App, { target, props: { app } })
  void show()

  async function show() {
    await new Promise((resolve) => setTimeout(resolve, 80))
    await chosen?.act?.(app)
    await new Promise((resolve) => setTimeout(resolve, 250))
    document.documentElement.dataset.ready = 'true'
  }
} else {
  mount(StoryIndex, { target, props: { ids: stories.map((s) => s.id) } })
  document.documentElement.dataset.ready = 'true'
}
