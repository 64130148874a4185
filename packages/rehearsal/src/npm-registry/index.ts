export type { ProvenanceTreatment } from './attestations.ts';
export type { NpmRegistryCode } from './code.ts';
export type { FrontControl } from './control.ts';
export { type FrontReply, type FrontRequest, toJsonReply } from './exchange.ts';
export type { Fault, FaultRule } from './faults.ts';
export { type FrontLogEntry, type NpmFront, type NpmFrontOptions, startNpmFront } from './npm-front.ts';
export { startVerdaccio, type Verdaccio } from './start-verdaccio.ts';
export type { Right, StagedVersion, TrustedPublisher } from './state.ts';
export type { VerdaccioSettings } from './verdaccio-config.ts';
