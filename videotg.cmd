@echo off
rem Starts videotg on Windows. Builds it when needed. The environment is that of the script "videotg" beside this file:
rem VIDEOTG_CACHE, VIDEOTG_CLASSPATH (separated by ;), VIDEOTG_JAVA_OPTS, VIDEOTG_GPU (auto or off: CUDA is for Linux) and
rem OMP_NUM_THREADS.
setlocal EnableExtensions DisableDelayedExpansion
set "videotg_home=%~dp0"
set "videotg_home=%videotg_home:~0,-1%"
set "target=%videotg_home%\app\target"
set "current=%target%\dist\current"
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME if exist "%java%" goto java_found
if not defined JAVA_HOME where java.exe >nul 2>nul && goto java_found
echo error: no Java found; install a JDK 17 and put it on PATH, or set JAVA_HOME 1>&2
exit /b 1
:java_found
if /i "%VIDEOTG_GPU%"=="on" (
  echo error: VIDEOTG_GPU is "on", but CUDA is for Linux; set it to auto or off 1>&2
  exit /b 1
)

rem Programs run from jars of their own, so that building anew does not disturb one that is running.
call :fresh
if not errorlevel 1 goto start
if not exist "%target%\dist" mkdir "%target%\dist"
if not exist "%target%\dist" exit /b 1
rem Whoever has the lock file open builds; others wait.
:lock
set "built="
call :build 9>"%target%\.build.lock"
if not defined built (
  ping -n 2 127.0.0.1 >nul
  goto lock
)
if "%built%"=="failed" (
  echo error: the build failed; see above 1>&2
  exit /b 1
)

:start
for /f "usebackq delims=" %%d in ("%current%") do set "dist=%%d"
if not defined OMP_NUM_THREADS set "OMP_NUM_THREADS=%NUMBER_OF_PROCESSORS%"
set "OPENBLAS_NUM_THREADS=1"
set "RUST_FLAVOR=cpu"
set "cached="
if not defined VIDEOTG_CACHE goto run
for %%c in ("%VIDEOTG_CACHE%") do set "VIDEOTG_CACHE=%%~fc"
if not exist "%VIDEOTG_CACHE%" mkdir "%VIDEOTG_CACHE%"
set "DJL_CACHE_DIR=%VIDEOTG_CACHE%\djl"
set cached="-Dorg.bytedeco.javacpp.cachedir=%VIDEOTG_CACHE%\javacpp"
:run
set "classes=%target%\%dist%\*"
if defined VIDEOTG_CLASSPATH set "classes=%classes%;%VIDEOTG_CLASSPATH%"
"%java%" -XX:+UseSerialGC -Xshare:auto -Dfile.encoding=UTF-8 "-Dvideotg.home=%videotg_home%" -Dai.djl.offline=true ^
  -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 %cached% %VIDEOTG_JAVA_OPTS% ^
  -cp "%classes%" org.videotg.app.command.VideoTg %*
exit /b %errorlevel%

rem Whether no source file is newer than the program.
:fresh
if not exist "%current%" exit /b 1
powershell -NoProfile -Command "$built = (Get-Item -LiteralPath $env:current).LastWriteTimeUtc; $files = @(Get-Item -LiteralPath (Join-Path $env:videotg_home 'pom.xml')); foreach ($module in Get-ChildItem -LiteralPath $env:videotg_home -Directory | Where-Object { Test-Path -LiteralPath (Join-Path $_.FullName 'src\main') }) { $files += Get-Item -LiteralPath (Join-Path $module.FullName 'pom.xml'); $files += Get-ChildItem -LiteralPath (Join-Path $module.FullName 'src\main') -Recurse }; exit [int](@($files | Where-Object { $_.LastWriteTimeUtc -gt $built }).Count -gt 0)"
exit /b %errorlevel%

rem Sets "built" to done or failed.
:build
set "built="
call :fresh
if not errorlevel 1 set "built=done"
if defined built exit /b 0
set "built=failed"
echo videotg: building (the first time this downloads libraries) ... 1>&2
set "stamp="
for /f %%t in ('powershell -NoProfile -Command "Get-Date -Format yyyyMMdd-HHmmss"') do set "stamp=dist\%%t-%random%"
if not defined stamp exit /b 1
rem The time of this file is that at which the build began.
>"%current%.new" echo %stamp%
pushd "%videotg_home%"
call mvnw.cmd -q -B -DskipTests -pl app -am package 1>&2
set "code=%errorlevel%"
popd
if not "%code%"=="0" exit /b 1
mkdir "%target%\%stamp%"
if not exist "%target%\%stamp%" exit /b 1
for %%j in ("%target%\lib\*.jar") do (
  mklink /H "%target%\%stamp%\%%~nxj" "%%j" >nul 2>nul
  if not exist "%target%\%stamp%\%%~nxj" copy /y "%%j" "%target%\%stamp%\" >nul
)
rem Our own jars are written anew by the next build, into the same files.
del /q "%target%\%stamp%\videotg-*.jar"
copy /y "%target%\lib\videotg-*.jar" "%target%\%stamp%\" >nul
if errorlevel 1 exit /b 1
copy /y "%target%\videotg-app-*.jar" "%target%\%stamp%\" >nul
if errorlevel 1 exit /b 1
move /y "%current%.new" "%current%" >nul
if errorlevel 1 exit /b 1
set "built=done"
exit /b 0
