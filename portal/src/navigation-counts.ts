import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from './api/client.js';
import { useSession } from './session/session.js';

/** How many there are of what the navigation names; nothing where the role may not ask. */
export function useNavigationCounts(): Partial<Record<string, number>> {
  const { role } = useSession();
  const { data } = useQuery({
    queryKey: ['live', 'navigation'],
    enabled: role !== 'auditor',
    queryFn: async () => {
      const [devices, overview] = await Promise.all([total({}), total({ attention: true })]);
      return { devices, overview };
    },
  });
  return data ?? {};
}

async function total(query: { attention?: boolean }): Promise<number> {
  const page = await answerOf(api.GET('/api/v1/devices', { params: { query: { limit: 1, ...query } } }));
  return page.total;
}
