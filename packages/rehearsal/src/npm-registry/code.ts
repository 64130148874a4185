export type NpmRegistryCode = 'REHEARSAL_REGISTRY_FAILED';
