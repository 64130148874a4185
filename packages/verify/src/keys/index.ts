export { checkLives, type LifeFinding, type LifeState } from './check-lives.ts';
export type { KeysCode } from './code.ts';
export { compareKeyPlaces, type KeyComparison } from './compare-places.ts';
export {
	KEY_LIST_NAME,
	type KeyList,
	type ListedKey,
	parseKeyList,
	toKeyFileDigest,
	toKeyListText,
} from './key-list.ts';
export { type KeyLife, toPolicyLives, toTrustLives } from './life.ts';
export { type KeyPlace, readKeyPlace } from './read-place.ts';
