import type { Change, Store } from '../store.ts';
import { checkChanges, checkStorePath } from '../store-path.ts';
import { openBucket } from './bucket.ts';
import { type S3Location, toBucketAddress, toKey } from './bucket-address.ts';
import { readCredentials } from './credentials.ts';
import { type FileHeaders, toObjectHeaders } from './file-headers.ts';
import { listObjects } from './list-objects.ts';
import { PATIENCE, type Patience } from './patience.ts';
import { readObject } from './read-object.ts';
import type { Uploader } from './upload-object.ts';
import { verifyConditions } from './verify-conditions.ts';
import { toGuardInTurn, writeGroups } from './write-groups.ts';
import { type ObjectOutcome, removeObject, writeObject } from './write-object.ts';

export interface S3StoreOptions extends S3Location {
	/** Where credentials and the region are found: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** What a file is served with; a store knows nothing of what it holds. */
	readonly toHeaders?: ((path: string) => FileHeaders) | undefined;
	/** Told the secrets before they are used. */
	readonly onSecret?: ((secret: string) => void) | undefined;
	/** Files above this size are sent in parts of it. Default 16 MiB; S3 wants at least 5 MiB. */
	readonly partBytes?: number | undefined;
	readonly patience?: Partial<Patience> | undefined;
}

const PART_BYTES = 16 * 1024 * 1024;

/**
 * A Store in a bucket of an S3-compatible server that honours If-None-Match and If-Match (verifyConditions shows it).
 *
 * - Each change is one request; its condition is the compare-and-set, and the version of a file is its ETag.
 * - Neighbouring changes of one kind are made at the same time, a comparison and the last change alone.
 * - A reply that was lost is settled by reading: each write has a name of its own, which the object carries.
 * - Large files go up in parts and are there, whole, only when the last request puts them together.
 * @throws SlipwayError STORE_PATH_INVALID, STORE_FORBIDDEN
 */
export const s3Store = (options: S3StoreOptions): Store & Required<Pick<Store, 'verifyConditions'>> => {
	const { environment, onSecret, toHeaders, partBytes = PART_BYTES } = options;
	const patience = { ...PATIENCE, ...options.patience };
	const address = toBucketAddress(options, environment);
	const credentials = readCredentials(environment);
	for (const secret of [credentials?.secretAccessKey, credentials?.sessionToken])
		if (secret) onSecret?.(secret);
	const bucket = openBucket(address, credentials);
	const { description, prefix } = address;
	const writeOne = async (uploader: Omit<Uploader, 'asked'>, change: Change): Promise<ObjectOutcome> => {
		const key = toKey(address, change.path);
		const about: Uploader = { ...uploader, asked: { verb: 'write', path: change.path, store: description } };
		if (change.kind !== 'remove') {
			const headers = toObjectHeaders(change.path, toHeaders?.(change.path));
			return writeObject(about, change, { key, headers });
		}
		await removeObject(about, key);
		return 'written';
	};
	return {
		description,
		read: async (path) => {
			const key = toKey(address, checkStorePath(path));
			const asked = { verb: 'read', path, store: description } as const;
			const found = await readObject(bucket, key, { asked, patience });
			return found && { bytes: found.bytes, version: found.version };
		},
		list: async (folder) => {
			const below = folder === '' ? '' : `${checkStorePath(folder)}/`;
			return listObjects(bucket, { root: prefix, below, store: description }, patience);
		},
		write: async (changes, guard = async () => {}) => {
			checkChanges(changes);
			const uploader = { bucket, guard: toGuardInTurn(guard), patience, partBytes };
			return writeGroups(changes, (change) => writeOne(uploader, change));
		},
		verifyConditions: () => verifyConditions(bucket, { address, patience }),
	};
};
