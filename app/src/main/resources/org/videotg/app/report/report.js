// Plays the interval of a button in the sample's video, and stops at its end.
document.addEventListener("click", event => {
  const button = event.target.closest("button[data-from]");
  if (!button) return;
  const clip = button.closest("article").querySelector("details.clip");
  const video = clip.querySelector("video");
  const play = () => {
    video.currentTime = Number(button.dataset.from);
    video.dataset.until = button.dataset.to;
    video.play();
  };
  clip.open = true;
  if (video.readyState > 0) {
    play();
  } else {
    video.addEventListener("loadedmetadata", play, {once: true});
    video.load();
  }
});
document.addEventListener("timeupdate", event => {
  const video = event.target;
  if (video.dataset.until && video.currentTime >= Number(video.dataset.until)) {
    video.pause();
    delete video.dataset.until;
  }
}, true);
