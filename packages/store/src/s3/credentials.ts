import { SlipwayError } from '@slipway/core';
import type { StoreCode } from '../store.ts';
import type { S3Credentials } from './sign-request.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Line breaks and other control characters: of a secret that was pasted with one. */
const isHeaderText = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);

const refuse = (problem: string): SlipwayError<StoreCode> =>
	new SlipwayError<StoreCode>('STORE_FORBIDDEN', `expected credentials of the bucket, but ${problem}`, {
		hint: 'Give this job AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, where they are temporary).',
	});

/**
 * The credentials in the environment; undefined where there are none: requests are sent unsigned then, which is enough to
 * read a public bucket.
 * @throws SlipwayError STORE_FORBIDDEN
 */
export const readCredentials = (environment: Environment): S3Credentials | undefined => {
	const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
	if (!AWS_ACCESS_KEY_ID && !AWS_SECRET_ACCESS_KEY) return undefined;
	if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
		throw refuse(`AWS_${AWS_ACCESS_KEY_ID ? 'SECRET_ACCESS_KEY' : 'ACCESS_KEY_ID'} is not set`);
	const known = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...(AWS_SESSION_TOKEN && { AWS_SESSION_TOKEN }) };
	const broken = Object.entries(known).find(([, value]) => !isHeaderText(value));
	if (broken) throw refuse(`${broken[0]} holds a space, line break or other character that none has`);
	return {
		accessKeyId: AWS_ACCESS_KEY_ID,
		secretAccessKey: AWS_SECRET_ACCESS_KEY,
		sessionToken: AWS_SESSION_TOKEN || undefined,
	};
};
