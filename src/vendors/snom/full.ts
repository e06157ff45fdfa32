import { joinSettings } from '../parameter-list.js';
import type { FullView, RenderedDocument } from '../vendor.js';
import { writeDocument } from './format.js';
import { modelOf } from './models.js';
import { commonSettings, identitySettings } from './settings.js';

const EXPIRES_SECONDS = 600;

/** As many lines as the model has identities, each with its key. What the user keeps in the phone's own phone book stays. */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const lines = view.lines.slice(0, model.identities);
  return writeDocument(model, {
    settings: joinSettings(
      commonSettings(view),
      ...lines.map((line, at) =>
        identitySettings(at + 1, {
          ...line,
          idleText: line.label,
          idleNumber: line.sipUser,
          expiresSeconds: EXPIRES_SECONDS,
          codecs: 'g722,pcma,pcmu,telephone-event',
        }),
      ),
    ),
    functionKeys: lines.map((line, at) => ({ context: at + 1, label: line.label, value: 'line' })),
    emptyPhoneBook: false,
  });
}
