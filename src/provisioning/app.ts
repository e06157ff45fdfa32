import express, { type ErrorRequestHandler, type Express } from 'express';
import { METHOD_NOT_ALLOWED, NOT_FOUND, UNAVAILABLE, writeAnswer } from './answer.js';
import { vendorFiles, type VendorFilesOptions } from './vendor-files.js';

/**
 * Everything on the provisioning port that is no fetch of a device's file: firmware and languages,
 * and 404 for the rest. Bodies are not read, because no sender is authenticated.
 */
export function createProvisioningApp(options: VendorFilesOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    response.setHeader('Connection', 'close');
    writeAnswer(response, METHOD_NOT_ALLOWED);
  });
  app.use(vendorFiles(options));
  app.use((_request, response) => writeAnswer(response, NOT_FOUND));
  const answerFault: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    options.log.error({ err: error }, 'a request could not be answered');
    writeAnswer(response, UNAVAILABLE);
  };
  app.use(answerFault);
  return app;
}
