import { SlipwayError } from '@slipway/core';
import type { SignCode } from '@slipway/sign';
import type { JoinCode } from './project.ts';

const CODES: readonly string[] = ['SIGN_IDENTITY_MISSING', 'SIGNING_KEY_MISSING'] satisfies (
	| SignCode
	| JoinCode
)[];

/** Whether signing failed only because this job holds nothing to sign with: another job of the release does. */
export const isWithoutIdentity = (thrown: unknown): thrown is SlipwayError =>
	thrown instanceof SlipwayError && CODES.includes(thrown.code);
