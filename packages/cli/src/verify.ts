export type { Door } from './join/project.ts';
export { type Verified, type VerifyRequest, verifyWhat } from './join/verify-what.ts';
export { toVerifiedJson } from './output/verify-json.ts';
export { toVerifiedText } from './output/verify-text.ts';
