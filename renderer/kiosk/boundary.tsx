import { Component, type ReactNode } from 'react';
import type { Texts } from '../locale/texts.ts';
import type { Clock } from '../parts/clock.ts';
import { LeavesMark } from '../parts/marks.tsx';

/** Long enough to be read, short enough that nobody gives up. */
const RELOAD_AFTER_MS = 10_000;

interface BoundaryProps {
  readonly clock: Clock;
  readonly t: Texts;
  readonly reload: () => void;
  readonly children: ReactNode;
}

/** When the page itself breaks: calm words, never a stack, and a new start. */
export class Boundary extends Component<BoundaryProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(): void {
    document.body.dataset['screen'] = 'fault';
    document.body.dataset['reason'] = 'page';
    delete document.body.dataset['event'];
    this.props.clock.after('kiosk reload', RELOAD_AFTER_MS, this.props.reload);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    const { t } = this.props;
    return (
      <main className="stage">
        <div className="scene decided">
          <section className="field calm">
            <LeavesMark className="mark" />
            <div className="said">
              <h1 className="call">{t('states.controller-lost.title')}</h1>
              <p className="lead">{t('states.controller-lost.remedy')}</p>
            </div>
          </section>
        </div>
      </main>
    );
  }
}
