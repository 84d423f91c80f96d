// Colours, each for light and for dark. The names are the river's: song (river), den (lamp), do (brick), la (leaf).
// The build holds them to their contrast.
export const tokens = {
  ground: ['#f4f5f0', '#0d1719'],
  surface: ['#fffffc', '#142124'],
  sunk: ['#eaeee8', '#0a1214'],
  ink: ['#12262b', '#e7efec'],
  muted: ['#4b6065', '#a0b4b5'],
  line: ['#d5ddd7', '#293b3f'],
  edge: ['#76898b', '#6d8386'], // borders of controls, 3:1
  song: ['#0a5560', '#7fcdd0'], // river: links, the next thing to do
  'song-deep': ['#073f48', '#a3dfe0'],
  'on-song': ['#ffffff', '#04262b'],
  'song-wash': ['#dfeceb', '#17343a'],
  den: ['#944b07', '#f0b269'], // lamps on the bridge: due soon
  'den-wash': ['#f8ead6', '#33260f'],
  'den-dot': ['#c26f14', '#f0b269'],
  do: ['#a3231a', '#ff9d90'], // brick: late, wrong
  'do-wash': ['#fae6e1', '#3a1916'],
  la: ['#27633c', '#8fd3a2'], // leaf: done
  'la-wash': ['#e2efe3', '#16301f'],
  water: ['#c9dfe0', '#12343c'],
  land: ['#eef0e9', '#17262a'],
  // the drawn map's own (foundation/places/src/map.css reads them)
  beyond: ['#e3e7df', '#101c1f'],
  shore: ['#a5c6c9', '#22505a'],
  street: ['#ffffff', '#2a4046'],
  casing: ['#d9dfd6', '#0f1c1f'],
  hill: ['#dde6d9', '#1b2f2b'],
  'hill-top': ['#d2dfcf', '#20382f'],
  'hill-top': ['#d2dfcf', '#20382f'],
  beyond: ['#e3e7df', '#101c1f'], // land of the neighbours
  shore: ['#a5c6c9', '#22505a'],
  casing: ['#d9dfd6', '#0f1c1f'], // the edge of a street
  focus: ['#12262b', '#ffd79a'],
};
