import { CHAIN } from './style-chain.ts';
import { LAYOUT } from './style-layout.ts';
import { PARTS } from './style-parts.ts';
import { THEME } from './style-theme.ts';

/** The page's one style sheet. */
export const STYLE: string = THEME + LAYOUT + PARTS + CHAIN;
