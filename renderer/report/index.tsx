import '../theme/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchMain } from '../use-snapshot.ts';
import { Report } from './report.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('report.html has no #root');

watchMain(window.app);
createRoot(root).render(
  <StrictMode>
    <Report />
  </StrictMode>,
);
