import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { SIGN_IN } from '../texts/shell.js';
import { useTexts } from '../texts/texts.js';
import { SignIn } from './sign-in.js';

/** Asks for the key over the page, which keeps what was typed into it. */
export function SignInAgain({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTexts(SIGN_IN);
  return (
    <ModalOverlay isOpen className="veil">
      <Modal>
        <Dialog className="dialog" aria-label={t.title}>
          <SignIn ended onSignedIn={onSignedIn} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
