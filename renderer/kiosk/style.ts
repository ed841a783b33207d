/** Everything that looks: fonts (woff2 slices; a page loads those that it shows), values, parts, screens. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource/biz-udpgothic/400.css';
import '@fontsource/biz-udpgothic/700.css';
import '../parts/tokens.css';
import '../parts/base.css';
import './styles/stage.css';
import './styles/waiting.css';
import './styles/decided.css';
import './styles/refused.css';
import './styles/visits.css';
import './styles/form.css';
import './styles/rooms.css';
import './styles/visit-rooms.css';
