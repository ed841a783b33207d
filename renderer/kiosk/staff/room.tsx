import type { ReactElement } from 'react';
import { Alerts } from './alerts.tsx';
import { Home } from './home.tsx';
import { Member } from './member.tsx';
import { Members } from './members.tsx';
import { Passes } from './passes.tsx';
import { Picture } from './picture.tsx';
import { Roll } from './roll.tsx';
import { Tickets } from './tickets.tsx';
import { UnitRoom } from './unit.tsx';
import type { Route } from './use.ts';
import { Why } from './why.tsx';

export function Room({ route }: { readonly route: Route }): ReactElement {
  switch (route.at) {
    case 'home':
      return <Home />;
    case 'roll':
      return <Roll />;
    case 'members':
      return <Members />;
    case 'member':
      return <Member key={route.memberId} memberId={route.memberId} ticketId={route.ticketId ?? null} />;
    case 'why':
      return <Why event={route.event} memberId={route.memberId} name={route.name} />;
    case 'tickets':
      return <Tickets />;
    case 'passes':
      return <Passes />;
    case 'picture':
      return <Picture />;
    case 'alerts':
      return <Alerts />;
    case 'unit':
      return <UnitRoom />;
  }
}
