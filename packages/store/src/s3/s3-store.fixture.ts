import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, type S3ServerKind, type StoreSubject, startS3Server } from '@slipway/testing';
import type { Store } from '../store.ts';
import { type S3StoreOptions, s3Store } from './s3-store.ts';

/** For processes of their own: options as JSON. */
export const openFromJson = (argument: string): Store => s3Store(JSON.parse(argument) as S3StoreOptions);

export const toOptions = ({ endpoint, bucket, environment }: S3Server, folder?: string): S3StoreOptions => ({
	endpoint,
	bucket,
	environment,
	folder,
});

/** A fresh, empty store in a folder of its own of one server's bucket. */
export const toSubject = (options: S3StoreOptions): StoreSubject => ({
	store: s3Store(options),
	module: import.meta.url,
	opener: 'openFromJson',
	argument: JSON.stringify(options),
	isSlow: true,
	remove: async () => {},
});

/** A real server that ends with the tests. */
export const withS3Server = (kind: S3ServerKind): (() => S3Server) => {
	let folder: string;
	let server: S3Server | undefined;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), `slipway-${kind}-`));
		server = await startS3Server(kind, folder);
	});
	afterAll(async () => {
		await server?.stop();
		await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	return () => {
		if (!server) throw new Error('the server is started by beforeAll');
		return server;
	};
};
