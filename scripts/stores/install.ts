import { join } from 'node:path';
import { toModuleTool } from '../judges/go-tools.ts';
import { installTools } from '../judges/install.ts';

/** S3 servers of others, by the version of their Go module; Go's checksum database vouches for the bytes. */
const SERVERS = {
	versitygw: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
	minio: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
} as const;

/** Where startS3Server of @slipway/testing looks for them. */
const BIN_FOLDER = join(import.meta.dirname, '..', '..', '.cache', 'stores', 'bin');

/** Installs what is missing of the S3 servers. @throws Error when one cannot be installed */
export const installStores = (): Promise<void> =>
	installTools(Object.entries(SERVERS).map((entry) => toModuleTool(entry, join(BIN_FOLDER, entry[0]))));
