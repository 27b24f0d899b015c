export * from './api.js';
export * from './copy.js';
export * from './dialog.js';
export * from './dom.js';
export * from './list.js';
export * from './menu.js';
export * from './route.js';
export * from './words.js';
