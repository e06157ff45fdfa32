import express, { type Express } from 'express';
import { METHOD_NOT_ALLOWED, NOT_FOUND, writeAnswer } from './answer.js';

/** Everything on the provisioning port that is no fetch of a device's file. Bodies are not read: there is nobody who could vouch for them. */
export function createProvisioningApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead) response.setHeader('Connection', 'close');
    writeAnswer(response, isRead ? NOT_FOUND : METHOD_NOT_ALLOWED);
  });
  return app;
}
