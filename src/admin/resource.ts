import type { RequestHandler, Router } from 'express';
import { Problem } from './problem.js';
import { NO_BODY, readBody } from './request.js';

type Method = 'get' | 'post' | 'patch' | 'delete';

/**
 * Answers a path by method, and any other method by 405 with those that there are (RFC 9110
 * 15.5.6). HEAD comes with GET.
 */
export function resource(
  router: Router,
  path: string,
  handlers: Partial<Record<Method, RequestHandler>>,
): void {
  const route = router.route(path);
  const allow: string[] = [];
  for (const method of ['get', 'post', 'patch', 'delete'] as const) {
    const handler = handlers[method];
    if (handler === undefined) continue;
    route[method](method === 'delete' ? refusingBody(handler) : handler);
    allow.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  }
  route.all(() => {
    throw new Problem(405, `This can be asked by ${allow.join(', ')}.`, [], { Allow: allow.join(', ') });
  });
}

/** A DELETE reads no body. One that has something in it expects an effect, and is refused. */
function refusingBody(handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    readBody(request, NO_BODY);
    return handler(request, response, next);
  };
}
