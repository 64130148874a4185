import { describeStore, type S3ServerKind } from '@slipway/testing';
import { toOptions, toSubject, withS3Server } from './s3-store.fixture.ts';

describe.each(['versitygw', 'minio'] satisfies S3ServerKind[])('%s', (kind) => {
	const server = withS3Server(kind);
	let count = 0;

	describeStore('a folder of a bucket', async () => {
		count += 1;
		return toSubject(toOptions(server(), `store/${count}`));
	});
});
