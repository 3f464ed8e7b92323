import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { watchMain } from './use-snapshot.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

watchMain(window.app);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
