export { toVsa, type VsaRequest } from './to-vsa.ts';
export { Vsa } from './vsa.ts';
