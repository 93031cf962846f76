'use strict';

const $ = id => document.getElementById(id);
const video = $('video');
const track = $('track');

let file = null;
let upload = null;
let duration = 0;
let until = null;
let run = 0;

const seconds = value => value.toFixed(1) + ' s';

function say(text, isError) {
  $('status').textContent = text;
  $('status').classList.toggle('error', Boolean(isError));
}

/** Answers of the server as JSON; an error is thrown with the server's own message. */
async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (e) {
    throw new Error('The server does not answer.');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const error = new Error((body.error && body.error.message) || 'The server answered ' + response.status + '.');
    error.code = body.error && body.error.code;
    throw error;
  }
  return body;
}

function plainName(name) {
  const plain = name.replace(/[\u0000-\u001f\u007f/\\:*?"<>|]/g, '_').replace(/^\.+/, '').trim();
  return plain.slice(-60) || 'video';
}

/** Sends the video once; the promise is kept for the questions that follow. */
function send(chosen) {
  return call('v1/videos?name=' + encodeURIComponent(plainName(chosen.name)), {
    method: 'POST',
    headers: {'Content-Type': 'application/octet-stream'},
    body: chosen
  });
}

function open(chosen) {
  run++;
  file = chosen;
  upload = null;
  duration = 0;
  until = null;
  if (video.src) {
    URL.revokeObjectURL(video.src);
  }
  $('answer').hidden = true;
  $('moments').replaceChildren();
  video.src = URL.createObjectURL(chosen);
  video.hidden = false;
  $('drop').hidden = true;
  $('other').hidden = false;
  $('ask').disabled = false;
  $('query').focus();
  const mine = run;
  say('Sending ' + chosen.name + ' …');
  upload = send(chosen);
  upload.then(
      () => mine === run && say('Say what happens in ' + chosen.name + '.'),
      error => {
        if (mine === run) {
          upload = null;
          say(error.message, true);
        }
      });
}

function showTimeline() {
  $('timeline').hidden = !(duration > 0);
  track.setAttribute('aria-valuemax', duration.toFixed(1));
  const steps = window.innerWidth < 560 ? 2 : 4;
  $('scale').replaceChildren(...Array.from({length: steps + 1}, (_, i) => {
    const mark = document.createElement('span');
    mark.textContent = seconds(duration * i / steps);
    return mark;
  }));
  moveHead();
}

function moveHead() {
  const at = duration > 0 ? Math.min(video.currentTime / duration, 1) : 0;
  $('head').style.left = 100 * at + '%';
  track.setAttribute('aria-valuenow', video.currentTime.toFixed(1));
  if (until !== null && video.currentTime >= until) {
    until = null;
    video.pause();
  }
}

function follow() {
  moveHead();
  if (!video.paused && !video.ended) {
    requestAnimationFrame(follow);
  }
}

function seek(time) {
  until = null;
  video.currentTime = Math.min(Math.max(time, 0), duration);
  moveHead();
}

/** Plays a moment from its start to its end. */
function play(start, end) {
  video.currentTime = start;
  until = end;
  video.play().catch(() => say('This browser can’t play the file; the moment is on the timeline.', true));
}

function show(found, query) {
  duration = Math.max(found.duration, 0.001);
  showTimeline();
  $('moments').replaceChildren(...found.intervals.map(([start, end]) => {
    const moment = document.createElement('div');
    moment.className = 'moment';
    moment.style.left = 100 * start / duration + '%';
    moment.style.width = 100 * (Math.min(end, duration) - start) / duration + '%';
    return moment;
  }));
  $('list').replaceChildren(...found.intervals.map(([start, end]) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = seconds(start) + ' – ' + seconds(end);
    button.addEventListener('click', () => play(start, end));
    item.append(button);
    return item;
  }));
  $('asked').textContent = query;
  $('none').hidden = found.intervals.length > 0;
  $('reply').textContent = found.reply || '(empty)';
  $('facts').textContent = found.frames + ' frames of ' + seconds(found.duration) + ', ' + found.promptTokens
      + ' prompt tokens, answered in ' + found.seconds.toFixed(2) + ' s';
  $('notes').replaceChildren(...(found.notes || []).map(note => {
    const item = document.createElement('li');
    item.textContent = note;
    return item;
  }));
  $('answer').hidden = false;
  say('');
  if (found.intervals.length > 0) {
    play(...found.intervals[0]);
  }
}

async function ask(event) {
  event.preventDefault();
  const query = $('query').value.trim();
  if (!query || !file) {
    say('Say what happens, for example: person turns a light on.', true);
    return;
  }
  const mine = ++run;
  $('ask').disabled = true;
  say('Looking …');
  try {
    for (let attempt = 1; ; attempt++) {
      upload = upload || send(file);
      try {
        const stored = await upload;
        const found = await call('v1/ground', {
          method: 'POST',
          headers: {'Content-Type': 'application/json'},
          body: JSON.stringify({video: stored.url, query})
        });
        if (mine === run) {
          show(found, query);
        }
        return;
      } catch (error) {
        // The server may have removed the video meanwhile.
        upload = null;
        if (error.code !== 'video_not_found' || attempt === 2) {
          throw error;
        }
      }
    }
  } catch (error) {
    if (mine === run) {
      say(error.message, true);
    }
  } finally {
    $('ask').disabled = false;
  }
}

function choose(files) {
  if (files.length > 0) {
    open(files[0]);
  }
}

$('form').addEventListener('submit', ask);
$('query').addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $('form').requestSubmit();
  }
});
$('file').addEventListener('change', event => choose(event.target.files));
$('other').addEventListener('click', () => {
  $('file').value = '';
  $('file').click();
});
document.addEventListener('dragover', event => {
  event.preventDefault();
  $('drop').classList.add('over');
});
document.addEventListener('dragleave', () => $('drop').classList.remove('over'));
document.addEventListener('drop', event => {
  event.preventDefault();
  $('drop').classList.remove('over');
  choose(event.dataTransfer.files);
});
video.addEventListener('loadedmetadata', () => {
  if (Number.isFinite(video.duration)) {
    duration = video.duration;
    showTimeline();
  }
});
video.addEventListener('play', follow);
video.addEventListener('timeupdate', moveHead);
video.addEventListener('seeking', moveHead);
video.addEventListener('error', () => file && say('This browser can’t play the file; the model may read it all the same.'));
window.addEventListener('resize', showTimeline);

let dragging = false;
const at = event => {
  const box = track.getBoundingClientRect();
  seek(duration * (event.clientX - box.left) / box.width);
};
track.addEventListener('pointerdown', event => {
  dragging = true;
  track.setPointerCapture(event.pointerId);
  at(event);
});
track.addEventListener('pointermove', event => dragging && at(event));
track.addEventListener('pointerup', () => { dragging = false; });
track.addEventListener('pointercancel', () => { dragging = false; });
track.addEventListener('keydown', event => {
  const step = {ArrowLeft: -0.5, ArrowRight: 0.5, Home: -Infinity, End: Infinity}[event.key];
  if (step) {
    event.preventDefault();
    seek(video.currentTime + step);
  }
});

call('v1/models').then(models => { $('model').textContent = 'Model: ' + models.data[0].id; }, () => {});
