export type { RehearsalResult } from '@slipway/report';
export type { RehearsalCode } from './code.ts';
export { FAULT_NAMES } from './faults/catalog.ts';
export { type RehearsalOptions, rehearse } from './rehearse.ts';
export type { StepEvent } from './steps.ts';
