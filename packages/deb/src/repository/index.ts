// What a command needs that cares for a repository by hand: nothing that builds packages or talks to servers comes with it.
export { toFileHeaders } from '../publisher/file-headers.ts';
export { toRepository } from '../publisher/to-repository.ts';
export { cleanPool } from './clean-pool.ts';
export { addDebs, removePackage, resign } from './manage.ts';
export { readSigningKey } from './signing-key.ts';
