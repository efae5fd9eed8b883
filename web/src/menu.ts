// menu.ts: the pages in their groups, once: the menu, the keys and the titles come from here.
import type { Text } from './texts';

// A page: its address, its name, and the head of addresses under it that do not begin with its own.
export interface Group { label: Text; pages: [string, Text, string?][] }

export const groups: Group[] = [
  { label: 'groupToday', pages: [['#/', 'navTown'], ['#/sites', 'navSites'], ['#/score', 'navScore'], ['#/notes', 'navNotes']] },
  { label: 'groupSupply', pages: [['#/desk', 'navDesk'], ['#/matching', 'navMatching'], ['#/certificates', 'navCertificates']] },
  { label: 'groupBooks', pages: [['#/customers', 'navCustomers'], ['#/contact', 'navContact'], ['#/bills', 'navBills'], ['#/runs', 'navRuns', '#/run'], ['#/receivables', 'navOwed'], ['#/close', 'navClose'], ['#/margin', 'navMargin'], ['#/duties', 'navDuties']] },
  { label: 'groupCity', pages: [['#/office', 'navOffice'], ['#/achievement', 'navAchievement'], ['#/plans', 'navPlans'], ['#/inventory', 'navInventory'], ['#/lists', 'navLists'], ['#/map', 'navMap', '#/facility'], ['#/carbon', 'navCarbon']] },
];

export const homeOf = (group: number): string => groups[group]!.pages[0]![0];

// Where an address stands: index of its group (-1: in none) and the page that it belongs to.
export function pageOf(hash: string): [number, string] {
  let found: [number, string] = [-1, ''];
  groups.forEach((g, i) => g.pages.forEach(([href, , under]) => {
    const here = href === '#/' ? hash === '#/' || hash === '' : hash === href || hash.startsWith(`${href}/`) || (!!under && hash.startsWith(`${under}/`));
    if (here && href.length > found[1].length) found = [i, href];
  }));
  return found;
}
