import { type ReactNode, useId } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { ApiProblem } from '../api/client.js';
import { PARTS } from '../texts/parts.js';
import { useTexts } from '../texts/texts.js';

interface FrameProps {
  title: string;
  onClose: () => void;
  /** Asks before something is lost. */
  isAlert?: boolean;
  /** For texts of many columns. */
  isWide?: boolean;
  children: ReactNode;
}

/** A dialog: takes the focus and gives it back; Escape and a press beside it are a no. */
export function DialogFrame({ title, onClose, isAlert = false, isWide = false, children }: FrameProps) {
  return (
    <ModalOverlay isOpen isDismissable className="veil" onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal>
        <Dialog className={isWide ? 'dialog wide' : 'dialog'} role={isAlert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmProps {
  title: string;
  /** What it changes, in one sentence. */
  consequence: ReactNode;
  /** What the button says: the verb. */
  verb: string;
  isDanger?: boolean;
  isPending: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks before something is lost, with the object's name, what it means, and the verb. */
export function Confirm({ title, consequence, verb, isDanger = false, children, ...rest }: ConfirmProps) {
  const { isPending, error, onConfirm, onClose } = rest;
  const t = useTexts(PARTS);
  const id = useId();
  return (
    <DialogFrame title={title} onClose={onClose} isAlert>
      <p id={id} className="muted">
        {consequence}
      </p>
      {children}
      <Failure error={error} />
      <div className="actions">
        <button className="btn" type="button" onClick={onClose}>
          {t.cancel}
        </button>
        <button
          className={isDanger ? 'btn danger' : 'btn primary'}
          type="button"
          aria-describedby={id}
          aria-disabled={isPending}
          onClick={() => !isPending && onConfirm()}
        >
          {isPending ? t.pending : verb}
        </button>
      </div>
    </DialogFrame>
  );
}

/** What went wrong, in the API's own words. */
export function Failure({ error }: { error: Error | null }) {
  const t = useTexts(PARTS);
  const said = error === null ? '' : error instanceof ApiProblem ? error.detail : t.noConnection;
  return (
    <div role="alert" className="field">
      {said !== '' && <p className="wrong">{said}</p>}
    </div>
  );
}
