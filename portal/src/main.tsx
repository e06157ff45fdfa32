import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client.js';
import { App } from './app.js';
import './styles/tokens.css';
import './styles/shell.css';
import './styles/parts.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the API refused it refuses again; a connection that failed is tried again.
      retry: (failures, error) => !(error instanceof ApiProblem && error.status < 500) && failures < 3,
      staleTime: 1000,
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
);
